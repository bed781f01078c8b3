using System.Globalization;

namespace Millrace.Configuration;

/// <summary>Lengths of time as people write them: <c>90s</c>, <c>30m</c>, <c>2h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    // More than that is no list that somebody wrote.
    private const int Most = 20;

    /// <summary>Several with commas between them, each above zero; null when one of them is none.</summary>
    public static IReadOnlyList<TimeSpan>? Parse(string text)
    {
        List<TimeSpan?> all = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne)];
        return all.Count <= Most && all.TrueForAll(d => d > TimeSpan.Zero) ? [.. all.Select(d => d!.Value)] : null;
    }

    /// <summary>One; null when it is none.</summary>
    public static TimeSpan? ParseOne(string text)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),

            // What is longer than a TimeSpan can hold is longer than anybody waits.
            'd' when count <= TimeSpan.MaxValue.Days => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
