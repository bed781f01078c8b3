namespace Millrace.Operations.DeadLetters;

/// <summary>What a replay, or the rehearsal of one, came to. Considered = Passed + Guarded + the counts of <see cref="StillBad"/>.</summary>
public sealed record ReplayReport
{
    /// <summary>Whether nothing was sent.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Letters that met the filter.</summary>
    public required long Considered { get; init; }

    /// <summary>Those that the pipeline's check takes now.</summary>
    public required long Passed { get; init; }

    /// <summary>
    /// Those of <see cref="Passed"/> that the check had not refused in the first place, but the database or a hook: whether these take them now shows
    /// only when they are tried.
    /// </summary>
    public required long Uncertain { get; init; }

    /// <summary>Those that the topic acknowledged; 0 in a dry run.</summary>
    public required long Replayed { get; init; }

    /// <summary>Those that were tried too often already and were left alone.</summary>
    public required long Guarded { get; init; }

    /// <summary>Those that the check still refuses, or that the patch does not fit, by reason; the largest group first.</summary>
    public required IReadOnlyList<StillBad> StillBad { get; init; }

    /// <summary>Those that passed but that the broker refused (a record too large, say), by its reason; they stay as they were.</summary>
    public required IReadOnlyList<StillBad> NotSent { get; init; }

    /// <summary>Ids that were asked for and that no letter of the filter has, at most 100.</summary>
    public required IReadOnlyList<Guid> Missing { get; init; }
}
