using System.Net;
using Microsoft.Extensions.Logging;

namespace Millrace.Broker;

/// <summary>
/// A Kafka broker inside this process. <see cref="StartAsync"/> returns when clients can connect;
/// <see cref="DisposeAsync"/> closes every connection, flushes and releases the data directory.
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    /// <summary>The address that is really listened on, with the port that was taken when 0 was asked for.</summary>
    public IPEndPoint Endpoint { get; } = new(IPAddress.Loopback, 0);

    /// <summary>The advertised <c>host:port</c>, ready to be a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers { get; } = "";

    /// <summary>Recovers the log, then listens.</summary>
    /// <exception cref="BrokerStartException">
    /// The options are wrong, the port is taken, another process holds the data directory, or a newer version wrote it.
    /// The message is one sentence for the user.
    /// </exception>
    public static Task<EmbeddedBroker> StartAsync(BrokerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        throw new BrokerStartException("The broker is not built in yet.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
