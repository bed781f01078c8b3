namespace Millrace.Operations.Proof;

/// <summary>One thing that was verified.</summary>
/// <param name="Name">A stable name, such as <c>ranges</c>, for programs.</param>
/// <param name="Partition">The partition it is about; null when it is about all.</param>
/// <param name="Outcome">What it came to.</param>
/// <param name="Sentence">What was compared, with the figures.</param>
public sealed record Check(string Name, int? Partition, CheckOutcome Outcome, string Sentence);
