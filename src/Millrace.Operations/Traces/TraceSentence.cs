namespace Millrace.Operations.Traces;

/// <summary>A trace in words.</summary>
internal static class TraceSentence
{
    public static string Of(EventTrace trace, FlushTrace? flush)
    {
        var where = $"{trace.Topic}, partition {trace.Partition}, offset {trace.Offset}";
        var accepted = trace.AcceptedAt is { } at ? $"Accepted {at:u} by {where}" : $"Came by {where}";
        return trace.Outcome switch
        {
            TraceOutcome.Stored => $"{accepted}; stored {trace.CommittedAt:u}{Flush(flush)}.",
            TraceOutcome.Dead => $"{accepted}; became a dead letter {trace.Dead!.FirstSeen:u} ({trace.Dead.Reason}): {trace.Dead.Detail.TrimEnd('.')}. {Decision(trace.Dead)}",
            TraceOutcome.Parked when trace.Parked!.Ahead == 0 =>
                $"{accepted}; parked {trace.Parked.ParkedAt:u} after {trace.Parked.Attempts} attempts ({trace.Parked.Reason}: {trace.Parked.Detail.TrimEnd('.')}). It is tried again {trace.Parked.NextAttemptAt:u}.",
            TraceOutcome.Parked =>
                $"{accepted}; waits since {trace.Parked!.ParkedAt:u} behind {trace.Parked.Ahead} events of user {trace.UserId}, the first of which, {trace.Parked.BehindEventId}, failed "
                + $"({trace.Parked.Reason}: {trace.Parked.Detail.TrimEnd('.')}) and is tried again {trace.Parked.NextAttemptAt:u}.",
            TraceOutcome.InTopic =>
                $"{accepted}, {trace.Waiting!.LagSeconds:0.0} s ago; not read yet, {trace.Waiting.Ahead:N0} offsets are before it"
                + (trace.Waiting.EstimatedSeconds is { } seconds ? $", about {seconds:0.0} s at the rate of the last minute." : "; nothing of its partition was stored in the last minute, so there is no estimate."),
            _ => throw new ArgumentOutOfRangeException(nameof(trace), trace.Outcome, "Not a place that an event was found at."),
        };
    }

    private static string Flush(FlushTrace? flush) => flush switch
    {
        null => "",
        { Flushes: 1 } => $" by the flush of offsets {flush.From} up to {flush.To} under epoch {flush.Epoch}",
        _ => $" by one of the {flush.Flushes} flushes of offsets {flush.From} up to {flush.To}",
    };

    private static string Decision(DeadTrace dead) => dead.State switch
    {
        "new" => $"Nothing was decided about it yet; the letter is {dead.DeadLetterId}.",
        _ => $"It was {dead.State}; the letter is {dead.DeadLetterId}.",
    };
}
