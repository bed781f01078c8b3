namespace Millrace.Operations.DeadLetters;

/// <summary>Dead letters that have the same reason and, apart from numbers, ids and quoted parts, the same detail.</summary>
/// <param name="Reason">The code of the reason.</param>
/// <param name="Fingerprint">Ten hexadecimal digits that stand for reason and detail.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstSeen">When the first of them was seen.</param>
/// <param name="LastSeen">When the last of them was seen last.</param>
/// <param name="ExampleId">One of them: the newest.</param>
/// <param name="ExampleDetail">Its detail.</param>
public sealed record DeadLetterGroup(
    string Reason, string Fingerprint, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, Guid ExampleId, string ExampleDetail);
