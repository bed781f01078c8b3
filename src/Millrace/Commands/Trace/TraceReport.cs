using System.Text.Json;
using Millrace.Operations.Traces;

namespace Millrace.Commands.Trace;

/// <summary>The shape of <c>trace --format json</c> and of <c>GET /events/{id}</c>: a trace with its payload as JSON instead of as text.</summary>
internal sealed record TraceReport(
    Guid? EventId,
    string Outcome,
    string Sentence,
    string? EventType,
    string? UserId,
    string? CorrelationId,
    string? Topic,
    int? Partition,
    long? Offset,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? CommittedAt,
    FlushTrace? Flush,
    JsonElement? Payload,
    DeadTrace? Dead,
    ParkedTrace? Parked,
    WaitingTrace? Waiting)
{
    public static TraceReport Of(EventTrace trace) => new(
        trace.EventId,
        JsonNamingPolicy.CamelCase.ConvertName(trace.Outcome.ToString()),
        trace.Sentence,
        trace.EventType,
        trace.UserId,
        trace.CorrelationId,
        trace.Topic,
        trace.Partition,
        trace.Offset,
        trace.AcceptedAt,
        trace.CommittedAt,
        trace.Flush,
        trace.Payload is { } payload ? JsonElement.Parse(payload) : null,
        trace.Dead,
        trace.Parked,
        trace.Waiting);
}
