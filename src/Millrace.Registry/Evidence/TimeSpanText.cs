using System.Globalization;

namespace Millrace.Registry.Evidence;

/// <summary>How far back to look, as people write it: <c>last 7d</c> or <c>7d</c>; s, m, h and d.</summary>
public static class TimeSpanText
{
    private const string Last = "last ";

    /// <summary>Null when it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith(Last, StringComparison.OrdinalIgnoreCase))
            text = text[Last.Length..].Trim();
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            return null;
        return char.ToLowerInvariant(text[^1]) switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),

            // Before the first event there is nothing more to look at.
            'd' when count <= 100_000 => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
