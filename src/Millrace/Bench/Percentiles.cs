namespace Millrace.Bench;

internal static class Percentiles
{
    /// <summary>The nearest-rank percentile of sorted values: a value that was really measured, never one in between.</summary>
    public static double Of(ReadOnlySpan<double> sorted, double percent) =>
        sorted.IsEmpty
            ? throw new ArgumentException("There is no percentile of nothing.", nameof(sorted))
            : sorted[Math.Max((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0)];

    public static double Median(IEnumerable<double> values) => Of(values.Order().ToArray(), 50);
}
