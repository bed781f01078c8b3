using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>What the producers among the Java tools do.</summary>
internal static partial class JavaProducing
{
    public static async Task<string> ManyAsync(string bootstrap, string topic)
    {
        var result = (await KafkaTools.RunAsync(
            "kafka-producer-perf-test",
            ["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", "20000", "--record-size", "100", "--throughput", "-1", "--command-property", "acks=all"])).ShouldSucceed();
        return $"{SentPattern().Matches(result.Output)[^1].Groups[1].Value} sent, {ConfluentOffsets.End(bootstrap, topic)} there";
    }

    public static async Task<string> AcknowledgementsAsync(string bootstrap, string topic)
    {
        var result = (await KafkaTools.RunAsync("kafka-verifiable-producer", ["--bootstrap-server", bootstrap, "--topic", topic, "--max-messages", "5"])).ShouldSucceed();
        return string.Join(' ', result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("name").GetString() == "producer_send_success")
            .Select(line => line.GetProperty("offset").GetInt64()));
    }

    [GeneratedRegex("([0-9]+) records sent")]
    private static partial Regex SentPattern();
}
