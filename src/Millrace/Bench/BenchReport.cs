using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Bench;

/// <summary>What <c>millrace bench</c> measured. The names in <c>--json</c> are a contract, listed in docs/benchmarks.md.</summary>
internal sealed record BenchReport(
    DrainResult Drain,
    IReadOnlyList<LatencyResult> Latency,
    FsyncTimes FsyncMs,
    double RssMb,
    double CpuUsPerEvent,
    string Machine,
    string Commit)
{
    public string ToJson() => JsonSerializer.Serialize(this, BenchJson.Default.BenchReport);
}

/// <param name="EventsPerSecond">From the first assignment to the last commit; the median of the rounds, as all rates here.</param>
/// <param name="CopyEventsPerSecond">One binary COPY of the same rows over one connection.</param>
/// <param name="CopyParallelEventsPerSecond">As many binary COPYs at once as there were lanes.</param>
/// <param name="SlowFlushes">The share of transactions, 0 to 1, that did not go as one COPY.</param>
/// <param name="Ratio">The median of the rounds' own ratios, so that each compares measurements taken side by side.</param>
internal sealed record DrainResult(
    long Events,
    double EventsPerSecond,
    double CopyEventsPerSecond,
    double CopyParallelEventsPerSecond,
    double Ratio,
    double RatioParallel,
    double SlowFlushes,
    SpecialDrain Duplicates,
    SpecialDrain Bad,
    SpecialDrain Validated,
    int Lanes,
    IReadOnlyList<DrainRound> Rounds);

internal sealed record DrainRound(
    double EventsPerSecond,
    double CopyEventsPerSecond,
    double CopyParallelEventsPerSecond,
    double Ratio,
    double RatioParallel,
    double SlowFlushes,
    SpecialDrain Duplicates,
    SpecialDrain Bad,
    SpecialDrain Validated);

/// <summary>A drain that is not plain: events that are all stored already, one bad event in a hundred, or each event held against a schema.</summary>
/// <param name="Ratio">Its rate by that of the plain drain.</param>
/// <param name="SlowFlushes">The share of transactions, 0 to 1, that did not go as one COPY.</param>
internal sealed record SpecialDrain(double EventsPerSecond, double Ratio, double SlowFlushes);

/// <param name="SentPerSecond">What the producer really reached: a sender that fell behind would make the latencies look better than they are.</param>
internal sealed record LatencyResult(
    int Rate,
    double SentPerSecond,
    double P50Ms,
    double P95Ms,
    double P99Ms,
    double MaxMs,
    long Lost,
    long Doubled);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
