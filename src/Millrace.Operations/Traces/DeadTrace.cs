namespace Millrace.Operations.Traces;

/// <summary>What is known of an event that is a dead letter.</summary>
/// <param name="DeadLetterId">The letter's id.</param>
/// <param name="Reason">The code of the reason.</param>
/// <param name="Detail">The reason in a sentence.</param>
/// <param name="State">What was decided about it: <c>new</c>, <c>replayed</c> or <c>discarded</c>.</param>
/// <param name="FirstSeen">When it was first refused.</param>
public sealed record DeadTrace(Guid DeadLetterId, string Reason, string Detail, string State, DateTimeOffset FirstSeen);
