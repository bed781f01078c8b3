namespace Millrace;

/// <summary>What the process ends with. A documented contract: scripts branch on it.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command failed for a reason that has no code of its own.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>There is no running instance, or Kafka or PostgreSQL does not answer.</summary>
    public const int NotRunning = 3;

    /// <summary><c>up</c> or <c>run</c> could not start: a port in use, a second <c>up</c>, a newer data directory, PostgreSQL that does not start.</summary>
    public const int StartFailed = 4;

    /// <summary>Some of the input was not accepted; the rest was.</summary>
    public const int SomeRefused = 5;

    /// <summary><c>verify</c> found no difference, but could not check everything.</summary>
    public const int NotProven = 6;

    /// <summary>Ended by a second Ctrl+C, without waiting for anything.</summary>
    public const int Interrupted = 130;
}
