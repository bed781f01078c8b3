namespace Millrace.Operations.DeadLetters;

/// <summary>Dead letters that did not pass for the same reason.</summary>
/// <param name="Reason">The code of the reason; <c>patch_failed</c> when the patch did not fit, the broker's code when it refused.</param>
/// <param name="Count">How many.</param>
/// <param name="ExampleId">The first of them.</param>
/// <param name="ExampleDetail">What was wrong with it.</param>
public sealed record StillBad(string Reason, long Count, Guid ExampleId, string ExampleDetail);
