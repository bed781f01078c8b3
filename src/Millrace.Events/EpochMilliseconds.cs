namespace Millrace.Events;

/// <summary>Milliseconds since 1970 in UTC; a fraction counts to the microsecond.</summary>
internal static class EpochMilliseconds
{
    private static readonly decimal Min = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
    private static readonly decimal Max = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

    /// <summary>False when the instant is not in the years 1 to 9999.</summary>
    public static bool TryConvert(decimal milliseconds, out DateTime utc)
    {
        utc = default;
        if (milliseconds < Min || milliseconds > Max)
            return false;
        var microseconds = (long)decimal.Floor(milliseconds * 1000);
        utc = DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        return true;
    }
}
