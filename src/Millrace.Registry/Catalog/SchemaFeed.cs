using Microsoft.Extensions.Logging;
using Millrace.Schemas.Catalog;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Millrace.Registry.Catalog;

/// <summary>
/// The catalog of this process: it is read anew when PostgreSQL notifies of a change, which takes milliseconds, and when the counter of changes has moved,
/// which is looked at now and then, or each second where notifications do not arrive. While the database is away the last one stays in force.
/// </summary>
public sealed class SchemaFeed : ISchemaSource, IAsyncDisposable
{
    // Finds out that the connection is dead, and what was changed past the registry. It is all that an idle process asks the server, so it is rare.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    // Where notifications do not arrive, behind a connection pooler that swallows them, say: a change is seen within a second all the same.
    private static readonly TimeSpan DeafLookInterval = TimeSpan.FromSeconds(1);

    // How long a notification is waited for that this process sends itself, to find out whether they arrive.
    private static readonly TimeSpan HearingLimit = TimeSpan.FromSeconds(1);

    // A server that is back is found this soon, and its schemas with it.
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(1);

    // A server that does not answer such a look for so long is gone, or its host is.
    private const int CommandTimeoutSeconds = 5;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _database;
    private readonly CatalogReader _reader;
    private readonly TimeSpan _lookInterval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ResiliencePipeline _untilItWorks;
    private volatile SchemaCatalog _current;
    private volatile string? _trouble;
    private long _change;
    private Task _running = Task.CompletedTask;

    private SchemaFeed(
        NpgsqlDataSource database, CatalogReader reader, (SchemaCatalog Catalog, long Change) first, TimeSpan lookInterval, TimeProvider time, ILogger logger)
    {
        _database = database;
        _reader = reader;
        (_current, _change) = first;
        _lookInterval = lookInterval;
        _time = time;
        _logger = logger;
        _untilItWorks = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is not (null or OperationCanceledException)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = LongestRetryDelay,
                OnRetry = OnTrouble,
            })
            .Build();
    }

    /// <inheritdoc/>
    public SchemaCatalog Current => _current;

    /// <summary>Why the catalog may be old, in a sentence; null while it is fresh.</summary>
    public string? Trouble => _trouble;

    /// <summary>Reads the catalog of this moment, for what is done soon.</summary>
    /// <exception cref="RegistryException">The database cannot be used.</exception>
    public static async Task<SchemaCatalog> ReadOnceAsync(RegistrySettings settings, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        await using var database = OpenQuick(settings.ConnectionString);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var (catalog, _) = await new CatalogReader(loggers.CreateLogger("Millrace.Registry")).ReadAsync(connection, cancellationToken);
            return catalog;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>Reads the catalog and keeps it fresh. The tables must be there.</summary>
    /// <exception cref="RegistryException">The database cannot be used.</exception>
    public static Task<SchemaFeed> StartAsync(
        RegistrySettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(settings, LookInterval, time, loggers, cancellationToken);

    /// <summary>For tests: looks at the counter that often.</summary>
    internal static async Task<SchemaFeed> StartAsync(
        RegistrySettings settings, TimeSpan lookInterval, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Millrace.Registry");
        var database = OpenQuick(settings.ConnectionString);
        try
        {
            var reader = new CatalogReader(logger);
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var first = await reader.ReadAsync(connection, cancellationToken);
            var feed = new SchemaFeed(database, reader, first, lookInterval, time, logger);
            logger.CatalogLoaded(first.Catalog.Types.Count, first.Catalog.Unknown.Code(), first.Change);
            feed._running = Task.Run(feed.RunAsync, CancellationToken.None);
            return feed;
        }
        catch (Exception e)
        {
            await database.DisposeAsync();
            if (e is NpgsqlException npgsql)
                throw Database.Translate(npgsql);
            throw;
        }
    }

    /// <summary>Ends it; the last catalog stays.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(StopLimit, _time).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await _untilItWorks.ExecuteAsync(static async (feed, stop) => await feed.FollowAsync(stop), this, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end that it was asked for.
        }
    }

    /// <summary>Follows the changes over one connection, until it breaks.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        await using var connection = await _database.OpenConnectionAsync(stop);
        await using var listen = connection.Command($"LISTEN {RegistryChange.Channel}");
        await listen.ExecuteNonQueryAsync(stop);
        var lookInterval = _lookInterval;
        if (!await HearsAsync(connection, stop))
        {
            _logger.CatalogDeaf();
            lookInterval = DeafLookInterval;
        }

        await using var look = connection.Command("SELECT change FROM pipeline.schema_settings");
        while (true)
        {
            // The look comes first: what was changed while nobody listened is seen at once.
            var change = (long?)await look.ExecuteScalarAsync(stop);
            if (change != _change)
                await ReloadAsync(connection, stop);
            if (_trouble is not null)
            {
                _trouble = null;
                _logger.CatalogFreshAgain();
            }

            await connection.WaitAsync(lookInterval, stop);
        }
    }

    /// <summary>Whether a notification that another connection sends reaches this one, on a channel that nobody else listens to.</summary>
    private async Task<bool> HearsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var channel = $"millrace_hearing_{Guid.NewGuid():N}";
        var isHeard = false;
        connection.Notification += OnNotification;
        await using (var listen = connection.Command($"LISTEN {channel}"))
            await listen.ExecuteNonQueryAsync(stop);
        await using (var other = await _database.OpenConnectionAsync(stop))
        {
            await using var notify = other.Command("SELECT pg_notify($1, '')", channel);
            await notify.ExecuteNonQueryAsync(stop);
        }

        var sent = _time.GetTimestamp();

        // In whole milliseconds, upwards: Npgsql cuts off the rest, and to wait for 0 ms is to wait for ever.
        while (!isHeard && Math.Ceiling((HearingLimit - _time.GetElapsedTime(sent)).TotalMilliseconds) is var left && left > 0)
            await connection.WaitAsync((int)left, stop);
        await using (var unlisten = connection.Command($"UNLISTEN {channel}"))
            await unlisten.ExecuteNonQueryAsync(stop);
        connection.Notification -= OnNotification;
        return isHeard;

        void OnNotification(object sender, NpgsqlNotificationEventArgs notification) => isHeard |= notification.Channel == channel;
    }

    private async Task ReloadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var (catalog, change) = await _reader.ReadAsync(connection, stop);
        _current = catalog;
        _change = change;
        _logger.CatalogLoaded(catalog.Types.Count, catalog.Unknown.Code(), change);
    }

    private ValueTask OnTrouble(OnRetryArguments<object> args)
    {
        var exception = args.Outcome.Exception!;
        var reason = (exception.InnerException ?? exception).Message;

        // Once for each outage: attempts go on each second.
        if (_trouble is null)
            _logger.CatalogStale(exception, reason);
        _trouble = $"The schemas cannot be read ({reason.TrimEnd('.')}); those of before stay in force.";
        return ValueTask.CompletedTask;
    }

    private static NpgsqlDataSource OpenQuick(string connectionString)
    {
        // One connection for as long as the process lives, and one while it is opened anew.
        var settings = Database.Parse(connectionString);
        settings.CommandTimeout = CommandTimeoutSeconds;
        settings.MaxPoolSize = 2;
        settings.MinPoolSize = 0;
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
