using Millrace.Events;

namespace Millrace.Pipeline.DeadLetters;

/// <summary>A record of a batch, by its index, that cannot be an event, and why.</summary>
internal readonly record struct DeadLetter(int Index, RefusalReason Reason, string Detail);
