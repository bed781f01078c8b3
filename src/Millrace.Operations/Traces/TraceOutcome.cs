namespace Millrace.Operations.Traces;

/// <summary>Where an event is.</summary>
public enum TraceOutcome
{
    /// <summary>It is a row of <c>pipeline.events</c>.</summary>
    Stored,

    /// <summary>It is a dead letter.</summary>
    Dead,

    /// <summary>It waits behind its user's first event, which failed.</summary>
    Parked,

    /// <summary>It is in the topic and was not read yet.</summary>
    InTopic,

    /// <summary>It was not found; the sentence says where was searched.</summary>
    Unknown,
}
