using Millrace.Chaos.Proxy;

namespace Millrace.Chaos.Servers;

/// <summary>A Kafka whose brokers can be killed and paused, behind proxies. One implementation is the embedded broker, the other a real cluster.</summary>
internal interface IKafka : IAsyncDisposable
{
    string BootstrapServers { get; }

    /// <summary>The way to each broker, by its index.</summary>
    IReadOnlyList<TcpProxy> Links { get; }

    /// <summary>kill -9; after a while it is started again, and this returns when it answers.</summary>
    Task KillAsync(int broker, TimeSpan away);

    Task PauseAsync(int broker, TimeSpan length);
}
