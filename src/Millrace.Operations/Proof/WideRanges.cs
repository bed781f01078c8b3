namespace Millrace.Operations.Proof;

/// <summary>What is known of a partition's ranges that are wider than their records.</summary>
internal sealed record WideRanges
{
    /// <summary>None are.</summary>
    public static readonly WideRanges None = new();

    /// <summary>Offsets of theirs that no record accounts for.</summary>
    public long Offsets { get; init; }

    /// <summary>Those of them where the log does not reach back any more, so that nobody can look.</summary>
    public long Gone { get; init; }

    /// <summary>Those of them that could be looked at, but were not.</summary>
    public long Unread { get; init; }

    /// <summary>Why not, as a clause.</summary>
    public string Why { get; init; } = "";

    /// <summary>Records that the log has in the ranges that were read.</summary>
    public long Found { get; init; }

    /// <summary>Records that the ledger has there.</summary>
    public long Expected { get; init; }

    /// <summary>The first range where the two differ.</summary>
    public long? WrongAt { get; init; }
}
