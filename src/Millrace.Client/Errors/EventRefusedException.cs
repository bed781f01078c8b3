using Millrace.Events;

namespace Millrace.Client;

/// <summary>An event breaks the contract and was not sent: the pipeline would have made a dead letter of it, for the same reason. Never transient.</summary>
public sealed class EventRefusedException : MillraceException
{
    internal EventRefusedException(Event about, RefusalReason reason, string detail, Exception? inner = null)
        : base($"The {about.EventType} {about.EventId} was not sent ({reason.Code()}): {detail}", about, isTransient: false, inner) => Reason = reason;

    /// <summary>Why; <c>Reason.Code()</c> is the name that stands in tables and answers.</summary>
    public RefusalReason Reason { get; }
}
