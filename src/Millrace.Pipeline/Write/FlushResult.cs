namespace Millrace.Pipeline.Write;

/// <summary>How a flush ended.</summary>
internal enum FlushOutcome
{
    /// <summary>Rows, dead letters, ledger row and position are committed.</summary>
    Committed,

    /// <summary>Another writer owns the partition: nothing of the batch was written, and nothing more may be.</summary>
    Fenced,
}

/// <summary>How a flush ended, and what became of its records.</summary>
internal readonly record struct FlushResult(FlushOutcome Outcome, int Inserted, int Duplicates, int Dead, int Parked)
{
    /// <summary>Whether the first attempt at the data was refused, so that the rows were found out about in smaller steps.</summary>
    public bool SlowPath { get; init; }

    public static FlushResult Fenced => new(FlushOutcome.Fenced, 0, 0, 0, 0);
}
