using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker.Apis;
using Millrace.Broker.Groups;
using Millrace.Broker.Groups.Consumer;
using Millrace.Broker.Log;
using Millrace.Broker.Network;
using Millrace.Broker.Security;
using Millrace.Broker.Topics;
using Millrace.Broker.Transactions;

namespace Millrace.Broker;

/// <summary>
/// A Kafka broker inside this process. A start returns when clients can connect;
/// <see cref="DisposeAsync"/> closes every connection, flushes and releases the data directory.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    /// <summary>How long a stop waits for requests that have begun. Long polls end at once; the rest is the disk.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger;

    /// <summary>In the order in which they were opened; closed in the opposite one.</summary>
    private readonly Stack<IDisposable> _owned = new();

    private Listener _listener = null!;
    private Connections _connections = null!;
    private GroupCoordinator _groups = null!;
    private Task _accepting = Task.CompletedTask;
    private int _isDisposed;
    private string? _temporaryDirectory;

    private EmbeddedBroker(ILogger logger) => _logger = logger;

    /// <summary>The address that is really listened on, with the port that was taken when 0 was asked for.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>The advertised <c>host:port</c>, ready to be a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>What a test can make this broker do to its clients.</summary>
    public BrokerFaults Faults { get; private set; } = null!;

    /// <summary>A broker for a test: on a free port, its data in memory where the system allows it, and gone when it is disposed.</summary>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static Task<EmbeddedBroker> StartAsync(CancellationToken cancellationToken = default) => StartAsync(_ => { }, cancellationToken);

    /// <summary>As <see cref="StartAsync(CancellationToken)"/>, with other options, such as a data directory or Kafka's own settings.</summary>
    /// <param name="configure">Changes the options; the port is 0 there, and no data directory is set.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="BrokerStartException">It cannot start. The message is one sentence for the user.</exception>
    public static Task<EmbeddedBroker> StartAsync(Action<BrokerOptions> configure, CancellationToken cancellationToken = default)
    {
        var options = new BrokerOptions { Port = 0 };
        configure(options);
        return StartAsync(options, NullLoggerFactory.Instance, cancellationToken);
    }

    /// <summary>Recovers the log, then listens.</summary>
    /// <exception cref="BrokerStartException">
    /// The options are wrong, the port is taken, another process holds the data directory, or a newer version wrote it.
    /// The message is one sentence for the user.
    /// </exception>
    public static async Task<EmbeddedBroker> StartAsync(BrokerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var settings = BrokerOptionsCheck.ToSettings(options);
        var broker = new EmbeddedBroker(loggers.CreateLogger("Millrace.Broker"));
        try
        {
            // Recovery reads files for as long as there are any: not on the caller's thread.
            await Task.Run(() => broker.OpenAsync(settings, cancellationToken), cancellationToken).ConfigureAwait(false);
            return broker;
        }
        catch
        {
            broker.Close();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        _groups.Dispose();
        await _connections.EndAsync(StopLimit).ConfigureAwait(false);
        Close();
        _logger.BrokerStopped(Endpoint);
    }

    private async Task OpenAsync(BrokerSettings settings, CancellationToken cancellationToken)
    {
        if (settings.IsTemporary)
        {
            _temporaryDirectory = settings.DataDirectory;
            TemporaryDirectory.DeleteLeftovers();
        }

        var directory = Own(DataDirectory.Open(settings.DataDirectory));
        // Before recovery, which may take long, so that a port that is taken is told at once.
        _listener = Own(Listener.Open(settings, _logger));
        settings = settings with { Port = _listener.Endpoint.Port };
        var certificate = settings.TlsFile is { } file ? Own(TlsCertificate.Load(file, settings.TlsPassword)) : null;
        var metrics = Own(new BrokerMetrics());
        var metadata = Own(MetadataLog.Open(directory.Metadata, settings.Disk, settings.Time, _logger));
        var clusterId = await ClusterId.GetOrCreateAsync(metadata).ConfigureAwait(false);

        // The writer is closed before the logs that it writes to, which leave a snapshot behind when nothing changes any more.
        var writer = new LogWriter(metrics);
        var topics = Own(new TopicCatalog(settings, directory, metadata, writer, _logger));
        Own(writer);
        topics.Recover();
        cancellationToken.ThrowIfCancellationRequested();

        _groups = Own(new GroupCoordinator(settings, metadata, new CatalogTopicShapes(topics)));
        var producerIds = Own(new ProducerIds(metadata));
        var transactions = Own(new TransactionCoordinator(settings, metadata, topics, writer, producerIds, _logger));
        await transactions.RecoverAsync().ConfigureAwait(false);
        Own(new LogCleaner(settings, topics, writer));
        Faults = new BrokerFaults(() => _connections.DropAll(), _groups.ExpireSessions);
        var services = new BrokerServices
        {
            Settings = settings,
            ClusterId = clusterId,
            AdvertisedPort = settings.AdvertisedPort ?? settings.Port,
            Topics = topics,
            Groups = _groups,
            Writer = writer,
            ProducerIds = producerIds,
            Transactions = transactions,
            Memory = new MemoryBudget(settings.MaxBufferedBytes),
            Metrics = metrics,
            Faults = Faults,
            Logins = new Logins(settings.Users, settings.SaslMechanisms),
            Certificate = certificate,
        };
        _connections = Own(new Connections(services, new ApiTable(services), _logger));

        Endpoint = _listener.Endpoint;
        BootstrapServers = ListenerText.HostAndPort(settings.AdvertisedHost, services.AdvertisedPort);
        _accepting = _listener.AcceptAsync(_connections.Add);
        _logger.BrokerStarted(Endpoint, topics.All.Count(), directory.Root);
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    private void Close()
    {
        while (_owned.TryPop(out var resource))
            resource.Dispose();
        if (_temporaryDirectory is not null)
            TemporaryDirectory.Delete(_temporaryDirectory);
    }
}
