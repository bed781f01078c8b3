namespace Millrace.Operations.DeadLetters;

/// <summary>What a person decided about a dead letter.</summary>
public enum DeadLetterState
{
    /// <summary>Nothing yet.</summary>
    New,

    /// <summary>It was sent to its topic again.</summary>
    Replayed,

    /// <summary>It was given up, with a reason.</summary>
    Discarded,
}
