using Confluent.Kafka;
using static Millrace.Conformance.Tests.Clients.ConfluentSteps;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>How Confluent.Kafka logs in and uses TLS.</summary>
internal static class ConfluentSecurity
{
    public static Task<string> LoginAsync(Listeners at, string topic, SaslMechanism mechanism) =>
        ProduceAndReadAsync(at.Sasl, topic, config => Login(config, mechanism, Listeners.Password));

    public static Task<string> TlsAsync(Listeners at, string topic) =>
        ProduceAndReadAsync(at.Tls, topic, config => (config.SecurityProtocol, config.SslCaLocation) = (SecurityProtocol.Ssl, at.Authority));

    public static async Task<string> WrongPasswordAsync(Listeners at, SaslMechanism mechanism)
    {
        // What waits here disposes the producer, which cannot be done on the thread that tells of the error.
        var refused = new TaskCompletionSource<Error>(TaskCreationOptions.RunContinuationsAsynchronously);
        var config = new ProducerConfig { BootstrapServers = at.Sasl };
        Login(config, mechanism, Listeners.WrongPassword);
        using var producer = new ProducerBuilder<string?, string?>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => refused.TrySetResult(error))
            .Build();
        return Code(await refused.Task.WaitAsync(Limit));
    }

    /// <summary>For other clients that only read: the records of <see cref="ConfluentSteps.SendAsync"/>, sent with these rights.</summary>
    public static async Task SendAsync(string bootstrap, string topic, int count, Action<ClientConfig> connect)
    {
        using var producer = Producer(bootstrap, connect);
        await ConfluentSteps.SendAsync(producer, topic, count);
    }

    private static async Task<string> ProduceAndReadAsync(string bootstrap, string topic, Action<ClientConfig> connect)
    {
        await SendAsync(bootstrap, topic, 20, connect);
        return InOrder(Read(bootstrap, topic, 20, connect: connect), 20);
    }

    public static void Login(ClientConfig config, SaslMechanism mechanism, string password) =>
        (config.SecurityProtocol, config.SaslMechanism, config.SaslUsername, config.SaslPassword) =
            (SecurityProtocol.SaslPlaintext, mechanism, Listeners.User, password);
}
