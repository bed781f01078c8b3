namespace Millrace.Operations.Proof;

/// <summary>What a check came to.</summary>
public enum CheckOutcome
{
    /// <summary>What it checks is so.</summary>
    Ok,

    /// <summary>It is not so: something was lost, doubled, or changed by hand.</summary>
    Failed,

    /// <summary>It could not be looked at; the sentence says why.</summary>
    NotChecked,
}
