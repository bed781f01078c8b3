using Millrace.Operations.Traces;
using Millrace.Terminal;

namespace Millrace.Commands.Trace;

/// <summary>A trace for people: the answer first, then what it rests on.</summary>
internal static class TraceText
{
    public static void Write(TextWriter output, EventTrace trace)
    {
        output.WriteLine(trace.Sentence);
        if (trace.Outcome == TraceOutcome.Unknown)
            return;
        output.WriteLine();
        FieldList.Write(
            output,
            [
                ("  event", trace.EventId?.ToString()),
                ("  type", trace.EventType),
                ("  user", trace.UserId),
                ("  correlation", trace.CorrelationId),
                ("  record", trace.Offset is null ? null : $"{trace.Topic}, partition {trace.Partition}, offset {trace.Offset}"),
                ("  accepted", trace.AcceptedAt is null ? null : Moments.Exact(trace.AcceptedAt)),
                ("  flush", trace.Flush is { } f ? Flush(f) : null),
                ("  committed", trace.CommittedAt is null ? null : Moments.Exact(trace.CommittedAt)),
                ("  dead letter", trace.Dead is { } dead ? $"{dead.DeadLetterId} ({dead.State}), {Product.CommandName} dlq show {dead.DeadLetterId}" : null),
                ("  reason", trace.Dead is { } d ? $"{d.Reason}: {d.Detail}" : trace.Parked is { } p ? $"{p.Reason}: {p.Detail}" : null),
                ("  behind", trace.Parked is { Ahead: > 0 } behind ? $"{behind.BehindEventId}, {behind.Ahead:N0} ahead" : null),
                ("  attempts", trace.Parked is { } parked ? $"{parked.Attempts:N0}, the next at {Moments.Text(parked.NextAttemptAt)}" : null),
                ("  waiting", trace.Waiting is { } w ? Waiting(w) : null),
                ("  payload", trace.Payload),
            ]);
    }

    public static void WriteMany(TextWriter output, IReadOnlyList<EventTrace> traces) => DataTable.Write(
        output,
        ["EVENT", "TYPE", "USER", "STATE", "PARTITION", "OFFSET", "ACCEPTED", "ANSWER"],
        traces.Select(t => new object?[]
        {
            t.EventId, t.EventType, t.UserId, Name(t.Outcome), t.Partition, t.Offset, Moments.Exact(t.AcceptedAt), t.Sentence.ReplaceLineEndings(" "),
        }));

    private static string Flush(FlushTrace flush) =>
        $"offsets {flush.From} to {flush.To - 1} under epoch {flush.Epoch}{(flush.Flushes > 1 ? $" ({flush.Flushes:N0} flushes, merged with age)" : "")}";

    private static string Waiting(WaitingTrace waiting) =>
        $"{waiting.Ahead:N0} offsets ahead, {waiting.LagSeconds:F1} s old, {(waiting.EstimatedSeconds is { } s ? $"stored in about {s:F0} s" : "no estimate: nothing was stored lately")}";

    private static string Name(TraceOutcome outcome) => outcome switch
    {
        TraceOutcome.Stored => "stored",
        TraceOutcome.Dead => "dead",
        TraceOutcome.Parked => "parked",
        TraceOutcome.InTopic => "in topic",
        TraceOutcome.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
