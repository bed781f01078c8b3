using Confluent.Kafka;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>How the console consumer logs in and uses TLS, to read what Confluent.Kafka has sent the same way.</summary>
internal static class JavaSecurity
{
    public static async Task<string> LoginAsync(Listeners at, string topic, string mechanism)
    {
        await ConfluentSecurity.SendAsync(at.Sasl, topic, 20, config => ConfluentSecurity.Login(config, SaslMechanism.Plain, Listeners.Password));
        return InOrder((await ReadAsync(at.Sasl, topic, Login(mechanism, Listeners.Password))).ShouldSucceed());
    }

    public static async Task<string> TlsAsync(Listeners at, string topic)
    {
        await ConfluentSecurity.SendAsync(at.Tls, topic, 20, config => (config.SecurityProtocol, config.SslCaLocation) = (SecurityProtocol.Ssl, at.Authority));
        return InOrder((await ReadAsync(at.Tls, topic, ["security.protocol=SSL", "ssl.truststore.type=PEM", $"ssl.truststore.location={at.Authority}"])).ShouldSucceed());
    }

    public static async Task<string> WrongPasswordAsync(Listeners at, string topic)
    {
        var result = await ReadAsync(at.Sasl, topic, Login("PLAIN", Listeners.WrongPassword));
        return result.Error.Contains("SaslAuthenticationException", StringComparison.Ordinal) ? "SASL_AUTHENTICATION_FAILED" : result.Output + result.Error;
    }

    private static string[] Login(string mechanism, string password)
    {
        var module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
        return
        [
            "security.protocol=SASL_PLAINTEXT",
            $"sasl.mechanism={mechanism}",
            $"sasl.jaas.config=org.apache.kafka.common.security.{module} required username=\"{Listeners.User}\" password=\"{password}\";",
        ];
    }

    private static Task<CommandResult> ReadAsync(string bootstrap, string topic, string[] properties) =>
        KafkaTools.RunAsync(
            "kafka-console-consumer",
            [
                "--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning", "--max-messages", "20", "--timeout-ms", "60000",
                "--formatter-property", "print.key=true",
                .. properties.SelectMany(property => (string[])["--command-property", property]),
            ]);

    private static string InOrder(CommandResult read)
    {
        var lines = read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return $"{lines.Length} of 20 {(lines.SequenceEqual(Enumerable.Range(0, lines.Length).Select(i => $"k{i}\tv{i}")) ? "in order" : "mixed up")}";
    }
}
