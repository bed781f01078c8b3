using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Commands.Trace;
using Millrace.Operations.DeadLetters;
using Millrace.Operations.Parking;
using Millrace.Operations.Positions;
using Millrace.Operations.Proof;
using Millrace.Operations.Traces;

namespace Millrace.Tests.Commands;

/// <summary>The documented shapes of what people ask about the pipeline's tables, frozen: scripts read them.</summary>
public sealed class OperationsJsonShapeTests
{
    private static readonly Guid Id = new("0197f2a0-4c1e-7b6a-9d53-2f7c1a0e6b41");
    private static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Dead_letter_group_shape_is_frozen() => Shape(
        $$"""[{"reason":"not_json","fingerprint":"0123456789","count":2,"firstSeen":"2026-01-31T12:00:00+00:00","lastSeen":"2026-01-31T12:00:00+00:00","exampleId":"{{Id}}","exampleDetail":"d"}]""",
        [new DeadLetterGroup("not_json", "0123456789", 2, At, At, Id, "d")], OperationsJson.Default.DeadLetterGroupArray);

    [Fact]
    public void Dead_letter_shape_is_frozen() => Shape(
        $$"""{"id":"{{Id}}","state":"discarded","reason":"not_json","detail":"d","fingerprint":"0123456789","topic":"events","partition":1,"offset":7,"timestamp":"2026-01-31T12:00:00+00:00","key":"AQ==","value":null,"keyText":null,"valueText":null,"headers":[{"key":"h","value":"Ag=="}],"eventId":null,"eventType":null,"userId":"9","correlationId":null,"firstSeen":"2026-01-31T12:00:00+00:00","lastSeen":"2026-01-31T12:00:00+00:00","attempts":1,"replays":0,"relayedAt":null,"decidedBy":"a@b","decidedAt":"2026-01-31T12:00:00+00:00","decidedReason":"r"}""",
        new DeadLetterRecord
        {
            Id = Id,
            State = DeadLetterState.Discarded,
            Reason = "not_json",
            Detail = "d",
            Fingerprint = "0123456789",
            Topic = "events",
            Partition = 1,
            Offset = 7,
            Timestamp = At,
            Key = [1],
            Headers = [new RecordHeader("h", [2])],
            UserId = "9",
            FirstSeen = At,
            LastSeen = At,
            Attempts = 1,
            Replays = 0,
            DecidedBy = "a@b",
            DecidedAt = At,
            DecidedReason = "r",
        },
        OperationsJson.Default.DeadLetterRecord);

    [Fact]
    public void Replay_shape_is_frozen() => Shape(
        $$"""{"dryRun":true,"considered":830,"passed":812,"uncertain":1,"replayed":0,"guarded":2,"stillBad":[{"reason":"not_json","count":16,"exampleId":"{{Id}}","exampleDetail":"d"}],"notSent":[],"missing":["{{Id}}"]}""",
        new ReplayReport
        {
            DryRun = true,
            Considered = 830,
            Passed = 812,
            Uncertain = 1,
            Replayed = 0,
            Guarded = 2,
            StillBad = [new StillBad("not_json", 16, Id, "d")],
            NotSent = [],
            Missing = [Id],
        },
        OperationsJson.Default.ReplayReport);

    [Fact]
    public void Parked_shape_is_frozen() => Shape(
        $$"""[{"user":{"userId":"42","partition":1,"reason":"hook_failed","detail":"d","waiting":2,"parkedAt":"2026-01-31T12:00:00+00:00","attempts":3,"nextAttemptAt":"2026-01-31T12:00:00+00:00"},"events":[{"eventId":"{{Id}}","eventType":"t","partition":1,"offset":7,"correlationId":null,"parkedAt":"2026-01-31T12:00:00+00:00"}]}]""",
        [new ParkedQueue(new ParkedUser("42", 1, "hook_failed", "d", 2, At, 3, At), [new ParkedEvent(Id, "t", 1, 7, null, At)])],
        OperationsJson.Default.ParkedQueueArray);

    [Fact]
    public void Position_shape_is_frozen() => Shape(
        """[{"partition":2,"epoch":3,"nextOffset":10,"logStart":20,"logEnd":30,"owner":"o","updatedAt":null,"condition":"beforeLog","sentence":"s","lag":20}]""",
        [new PartitionPosition(2, 3, 10, 20, 30, "o", null, PartitionCondition.BeforeLog, "s")], OperationsJson.Default.PartitionPositionArray);

    [Fact]
    public void Resolve_shape_is_frozen() => Shape(
        """{"outcome":"alreadyThere","from":10,"to":10,"givenUp":0,"readAgain":0,"sentence":"s","isRefused":false}""",
        new ResolveResult(ResolveOutcome.AlreadyThere, 10, 10, 0, 0, "s"), OperationsJson.Default.ResolveResult);

    [Fact]
    public void Verdict_shape_is_frozen() => Shape(
        """{"topic":"events","groupId":"g","from":"2026-01-31T12:00:00+00:00","to":null,"totals":{"offsets":1,"inserted":2,"duplicates":3,"dead":4,"parked":5,"skipped":6,"flushes":7},"checks":[{"name":"ranges","partition":0,"outcome":"notChecked","sentence":"s"}],"outcome":"notChecked"}""",
        new Verdict("events", "g", At, null, new LedgerTotals(1, 2, 3, 4, 5, 6, 7), [new Check("ranges", 0, CheckOutcome.NotChecked, "s")]),
        OperationsJson.Default.Verdict);

    [Fact]
    public void Trace_shape_is_frozen_and_its_payload_is_json() => Shape(
        $$$"""{"eventId":"{{{Id}}}","outcome":"inTopic","sentence":"s","eventType":null,"userId":null,"correlationId":null,"topic":"events","partition":1,"offset":7,"acceptedAt":"2026-01-31T12:00:00+00:00","committedAt":null,"flush":{"from":1,"to":9,"epoch":2,"committedAt":"2026-01-31T12:00:00+00:00","flushes":1},"payload":{"a":[1]},"dead":{"deadLetterId":"{{{Id}}}","reason":"r","detail":"d","state":"new","firstSeen":"2026-01-31T12:00:00+00:00"},"parked":{"behindEventId":"{{{Id}}}","ahead":1,"reason":"r","detail":"d","attempts":2,"parkedAt":"2026-01-31T12:00:00+00:00","nextAttemptAt":"2026-01-31T12:00:00+00:00"},"waiting":{"ahead":3,"lagSeconds":1.5,"estimatedSeconds":null}}""",
        TraceReport.Of(new EventTrace
        {
            EventId = Id,
            Outcome = TraceOutcome.InTopic,
            Sentence = "s",
            Topic = "events",
            Partition = 1,
            Offset = 7,
            AcceptedAt = At,
            Flush = new FlushTrace(1, 9, 2, At, 1),
            Payload = """{"a":[1]}""",
            Dead = new DeadTrace(Id, "r", "d", "new", At),
            Parked = new ParkedTrace(Id, 1, "r", "d", 2, At, At),
            Waiting = new WaitingTrace(3, 1.5, null),
        }),
        OperationsJson.Default.TraceReport);

    private static void Shape<T>(string expected, T value, JsonTypeInfo<T> type) => Assert.Equal(expected, JsonSerializer.Serialize(value, type));
}
