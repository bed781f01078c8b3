using System.CommandLine;
using System.Globalization;
using Millrace.Configuration;

namespace Millrace.Commands;

/// <summary>An option that is a moment: a date, a date and time, or how long ago (<c>90s</c>, <c>30m</c>, <c>2h</c>, <c>7d</c>).</summary>
internal static class TimeOption
{
    public const string HelpName = "TIME";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        HelpName = HelpName,
        Description = description,
        CustomParser = result =>
        {
            DateTimeOffset? moment = Parse(result.Tokens[0].Value, TimeProvider.System.GetUtcNow());
            if (moment is null)
                result.AddError($"{name} is a time such as 2026-01-31, 2026-01-31T12:00:00Z or 2h (that long ago), not '{result.Tokens[0].Value}'.");
            return moment;
        },
    };

    /// <summary>In UTC, which a time without an offset is taken for; null when it is none of the forms.</summary>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (DateTimeOffset.TryParseExact(
                text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset moment))
        {
            return moment;
        }

        // Before 1970 there was no event.
        return Durations.ParseOne(text) is { } ago && ago < now - DateTimeOffset.UnixEpoch ? now - ago : null;
    }
}
