using System.Globalization;

namespace Millrace.Terminal;

/// <summary>Times for people: UTC, as the tables and the logs of other machines have them, to the second.</summary>
internal static class Moments
{
    public static string Text(DateTimeOffset? moment) =>
        moment is { } m ? m.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";

    /// <summary>To the millisecond, for one event's way.</summary>
    public static string Exact(DateTimeOffset? moment) =>
        moment is { } m ? m.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) : "-";
}
