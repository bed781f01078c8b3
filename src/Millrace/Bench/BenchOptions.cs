namespace Millrace.Bench;

/// <param name="Events">Events that are preloaded and drained in each round.</param>
/// <param name="Rounds">Rounds of drain and bare COPY; medians are reported.</param>
/// <param name="Rates">Events per second of the latency runs.</param>
/// <param name="Seconds">Length of each latency run.</param>
/// <param name="Kafka">A real Kafka's bootstrap servers; null: an embedded broker of the benchmark's own.</param>
/// <param name="Postgres">A real server's connection string; null: a local server of the benchmark's own.</param>
/// <param name="Data">The directory for both; null: a temporary one.</param>
internal sealed record BenchOptions(
    int Events, int Rounds, IReadOnlyList<int> Rates, int Seconds, string? Kafka, string? Postgres, string? Data)
{
    /// <summary>As <c>events</c> has; lanes are one a partition.</summary>
    public const int Partitions = 3;
}
