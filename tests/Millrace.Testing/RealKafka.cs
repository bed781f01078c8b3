using System.Text.RegularExpressions;

namespace Millrace.Testing;

/// <summary>An Apache Kafka of its own, from <c>../shared/kafka</c>, stopped and deleted at the end.</summary>
public sealed partial class RealKafka : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _listeners;

    private RealKafka(string folder, string listeners) => (_folder, _listeners) = (folder, listeners);

    public string BootstrapServers => Listener("bootstrap");

    /// <summary>Where clients log in, when it was started with <c>--sasl-plain</c>.</summary>
    public string SaslBootstrapServers => Listener("sasl");

    /// <summary>Where clients use TLS, when it was started with <c>--tls</c>.</summary>
    public string TlsBootstrapServers => Listener("tls");

    /// <summary>The directory of its scripts; null where it is not to be had.</summary>
    public static string? Home => SharedFolder.Find("kafka");

    /// <summary>What this machine lacks for it; null when it can run.</summary>
    public static string? Missing =>
        Starter is null ? "the Apache Kafka of ../shared/kafka is not here"
        : CommandLine.Exists("java") ? null
        : "Java is not on the PATH (17 or later runs Apache Kafka)";

    private static string? Starter => SharedFolder.Find("kafka/bin/kafka-up");

    /// <summary>Starts it, or skips the test where it is not to be had.</summary>
    /// <param name="options">More of <c>kafka-up</c>'s, such as <c>--set</c> and a broker setting.</param>
    public static async Task<RealKafka> StartAsync(params string[] options)
    {
        Requirement.Require(Missing is null, Missing ?? "");
        var folder = Directory.CreateTempSubdirectory("millrace-kafka-").FullName;
        var started = await CommandLine.RunAsync(Starter!, ["--port", "0", "--dir", folder, "--quick", .. options], limit: TimeSpan.FromMinutes(3));
        return new RealKafka(folder, started.ShouldSucceed().Output);
    }

    public async ValueTask DisposeAsync()
    {
        var script = SharedFolder.Find("kafka/bin/kafka-down")!;
        (await CommandLine.RunAsync(script, [_folder, "--rm"], limit: TimeSpan.FromMinutes(1))).ShouldSucceed();
    }

    private string Listener(string name) =>
        ListenerPattern().Matches(_listeners).SingleOrDefault(match => match.Groups[1].Value == name)?.Groups[2].Value
        ?? throw new InvalidOperationException($"Apache Kafka was started without the listener {name}.");

    [GeneratedRegex(@"(\w+)=(\S+)")]
    private static partial Regex ListenerPattern();
}
