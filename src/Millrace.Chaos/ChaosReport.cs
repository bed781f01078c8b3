using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Chaos.Proof;

namespace Millrace.Chaos;

/// <summary>The outcome of a run, as <c>--json</c> writes it.</summary>
/// <param name="Faults">A line for each, as printed.</param>
/// <param name="Remarks">What else happened that is worth knowing and is no difference.</param>
internal sealed record ChaosReport(
    int Seed, KafkaKind Kafka, double Minutes, IReadOnlyList<string> Faults, IReadOnlyList<string> Remarks, Verdict Verdict)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
