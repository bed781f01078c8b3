using Microsoft.Extensions.Logging;
using Npgsql;

namespace Millrace.Operations.Proof;

/// <summary>Compacts the ledger in the background, once an hour; of several processes one does it.</summary>
public sealed class LedgerUpkeep : IAsyncDisposable
{
    // The first time not at once: a process that starts has more urgent work, and the tables may not be there yet.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource _database;
    private readonly LedgerCompactor _compactor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private LedgerUpkeep(NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _database = database;
        _compactor = new LedgerCompactor(database, time);
        _time = time;
        _logger = logger;
        _running = RunAsync();
    }

    /// <summary>Starts it; the first time is a minute after the start. When the database is away, the next attempt is an hour later.</summary>
    /// <exception cref="OperationsException">The connection string is not one.</exception>
    public static Task<LedgerUpkeep> StartAsync(OperationsSettings settings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(new LedgerUpkeep(Database.Open(settings.ConnectionString), time, loggers.CreateLogger("Millrace.Operations.LedgerUpkeep")));
    }

    /// <summary>Ends it; a compaction under way is rolled back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _database.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            for (var wait = FirstAfter; ; wait = Interval)
            {
                await Task.Delay(wait, _time, _stop.Token);
                await CompactAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end that it was asked for.
        }
    }

    private async Task CompactAsync()
    {
        try
        {
            var result = await _compactor.CompactAsync(LedgerCompactor.DefaultAge, _stop.Token);
            if (result.Before > 0)
                _logger.LedgerCompacted(result.Before, result.After);
        }
        catch (Exception e) when (e is OperationsException or TimeoutException)
        {
            _logger.LedgerNotCompacted(e, e.Message);
        }
    }
}
