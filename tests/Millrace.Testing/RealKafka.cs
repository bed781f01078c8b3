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

    /// <summary>Starts it, or skips the test where it is not to be had.</summary>
    public static async Task<RealKafka> StartAsync()
    {
        var script = SharedFolder.Find("kafka/bin/kafka-up");
        Requirement.Require(script is not null, "the Apache Kafka of ../shared/kafka is not here");
        Requirement.Require(CommandLine.Exists("java"), "Java is not on the PATH (17 or later runs Apache Kafka)");
        var folder = Directory.CreateTempSubdirectory("millrace-kafka-").FullName;
        var started = await CommandLine.RunAsync(script!, ["--port", "0", "--dir", folder, "--quick"], limit: TimeSpan.FromMinutes(3));
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
