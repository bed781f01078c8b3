using System.Text.RegularExpressions;

namespace Millrace.Testing;

/// <summary>An Apache Kafka of its own, from <c>../shared/kafka</c>, stopped and deleted at the end.</summary>
public sealed partial class RealKafka : IAsyncDisposable
{
    private readonly string _folder;

    private RealKafka(string folder, string bootstrapServers) => (_folder, BootstrapServers) = (folder, bootstrapServers);

    public string BootstrapServers { get; }

    /// <summary>The directory of its scripts; null where it is not to be had.</summary>
    public static string? Home => SharedFolder.Find("kafka");

    /// <summary>What this machine lacks for it; null when it can run.</summary>
    public static string? Missing =>
        Starter is null ? "the Apache Kafka of ../shared/kafka is not here"
        : CommandLine.Exists("java") ? null
        : "Java is not on the PATH (17 or later runs Apache Kafka)";

    private static string? Starter => SharedFolder.Find("kafka/bin/kafka-up");

    /// <summary>Starts it, or skips the test where it is not to be had.</summary>
    public static async Task<RealKafka> StartAsync()
    {
        Requirement.Require(Missing is null, Missing ?? "");
        var folder = Directory.CreateTempSubdirectory("millrace-kafka-").FullName;
        var started = await CommandLine.RunAsync(Starter!, ["--port", "0", "--dir", folder, "--quick"], limit: TimeSpan.FromMinutes(3));
        var bootstrap = BootstrapPattern().Match(started.ShouldSucceed().Output).Groups[1].Value;
        return new RealKafka(folder, bootstrap);
    }

    public async ValueTask DisposeAsync()
    {
        var script = SharedFolder.Find("kafka/bin/kafka-down")!;
        (await CommandLine.RunAsync(script, [_folder, "--rm"], limit: TimeSpan.FromMinutes(1))).ShouldSucceed();
    }

    [GeneratedRegex(@"bootstrap=(\S+)")]
    private static partial Regex BootstrapPattern();
}
