namespace Millrace.Operations.DeadLetters;

/// <summary>How dead letters are sent to their topic again.</summary>
public sealed record ReplayOptions
{
    /// <summary>Who does it; kept with each letter and in the operations log. Required.</summary>
    public required string Actor { get; init; }

    /// <summary>Only say what would happen; nothing is sent or written. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>A JSON Patch (RFC 6902) that each value gets before it is checked; null for none.</summary>
    public string? Patch { get; init; }

    /// <summary>Records a second, at most; null for as fast as the broker takes them. Default null.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>
    /// Letters that were tried this often already are left alone, so that a record that cannot pass does not go round for ever. Default 5.
    /// </summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Told after each batch how many were considered so far, on the caller's flow; for a progress display. Default none.</summary>
    public Action<long>? Progress { get; init; }
}
