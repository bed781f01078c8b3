namespace Millrace.Events;

/// <summary>Why a record cannot be an event. A closed set: the names are the reason codes in tables, headers and metrics.</summary>
public enum RefusalReason
{
    /// <summary>It is an event.</summary>
    None = 0,
}
