using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Millrace.Operations.Positions;
using Npgsql;

namespace Millrace.Operations.Traces;

/// <summary>Answers "where is my event?" from the tables and, for what was not read yet, from the topic.</summary>
public sealed class EventTracer
{
    /// <summary>The most events that <see cref="ByCorrelationAsync"/> gives.</summary>
    public const int MaxEvents = 1_000;

    // The record's time is a pleasant extra: an answer that is there already does not wait long for it.
    private static readonly TimeSpan RecordLimit = TimeSpan.FromSeconds(2);

    private readonly OperationsSettings _settings;
    private readonly NpgsqlDataSource _database;
    private readonly KafkaClients _kafka;
    private readonly TimeProvider _time;
    private readonly TraceStore _store;

    internal EventTracer(OperationsSettings settings, NpgsqlDataSource database, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _database = database;
        _kafka = new KafkaClients(settings, logger);
        _time = time;
        _store = new TraceStore(database, settings);
    }

    /// <summary>Where the event with this id is. Always an answer: <see cref="TraceOutcome.Unknown"/> says where was searched.</summary>
    /// <remarks>
    /// Searched in the order of the way, backwards: rows, parked events, dead letters, and the topic from each partition's position to the end, at most
    /// 500,000 records or 10 seconds. A dead letter that was sent again counts only when the event is nowhere else.
    /// </remarks>
    /// <exception cref="OperationsException">PostgreSQL cannot be used. A Kafka that does not answer is told in the sentence.</exception>
    public async Task<EventTrace> ByIdAsync(Guid eventId, CancellationToken cancellationToken)
    {
        try
        {
            if ((await _store.StoredAsync(TraceQueries.StoredById, eventId, cancellationToken)).FirstOrDefault() is { } stored)
                return await CompleteAsync(stored with { AcceptedAt = await Task.Run(() => RecordTime(stored), cancellationToken) }, cancellationToken);
            if ((await _store.ParkedAsync(TraceQueries.ParkedById, eventId, cancellationToken)).FirstOrDefault() is { } parked)
                return await CompleteAsync(parked, cancellationToken);
            var dead = (await _store.DeadAsync(TraceQueries.DeadById, eventId, cancellationToken)).FirstOrDefault();
            if (dead is { Dead.State: not "replayed" })
                return await CompleteAsync(dead, cancellationToken);

            var scan = await ScanAsync(EventMatch.ById(eventId), 1, cancellationToken);
            if (scan.Hits.Count > 0)
                return await WaitingAsync(scan.Hits[0], cancellationToken);
            return dead is not null ? await CompleteAsync(dead, cancellationToken)
                : new EventTrace { EventId = eventId, Outcome = TraceOutcome.Unknown, Sentence = $"No event has this id. Searched: stored events, parked events, dead letters, and {Describe(scan)}." };
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>
    /// Where the events with this correlation id are, by time, at most <see cref="MaxEvents"/>; empty when none was found. Stored events have no index
    /// on it: the table is read once.
    /// </summary>
    /// <exception cref="OperationsException">PostgreSQL cannot be used.</exception>
    public async Task<IReadOnlyList<EventTrace>> ByCorrelationAsync(string correlationId, CancellationToken cancellationToken)
    {
        try
        {
            var found = new List<EventTrace>();
            found.AddRange(await _store.StoredAsync(TraceQueries.StoredByCorrelation, correlationId, cancellationToken));
            found.AddRange(await _store.ParkedAsync(TraceQueries.ParkedByCorrelation, correlationId, cancellationToken));
            found.AddRange(await _store.DeadAsync(TraceQueries.DeadByCorrelation, correlationId, cancellationToken));
            var scan = await ScanAsync(EventMatch.ByCorrelation(correlationId), MaxEvents, cancellationToken);
            foreach (var hit in scan.Hits)
                found.Add(await WaitingAsync(hit, cancellationToken));

            // One event may have been a dead letter before it was stored, and may be in the topic again: where it is now counts.
            var once = found
                .GroupBy(trace => trace.EventId)
                .Select(traces => traces.MinBy(trace => trace.Outcome == TraceOutcome.Dead ? (int)TraceOutcome.Unknown : (int)trace.Outcome)!)
                .OrderBy(trace => trace.AcceptedAt ?? trace.CommittedAt).ThenBy(trace => trace.Offset)
                .TakeLast(MaxEvents);
            var complete = new List<EventTrace>();
            foreach (var trace in once)
                complete.Add(await CompleteAsync(trace, cancellationToken));
            return complete;
        }
        catch (NpgsqlException e)
        {
            throw Database.Translate(e);
        }
    }

    /// <summary>Adds the flush and the sentence.</summary>
    private async Task<EventTrace> CompleteAsync(EventTrace trace, CancellationToken cancellationToken)
    {
        if (trace.Outcome == TraceOutcome.InTopic)
            return trace;
        var flush = trace.Topic == _settings.Topic ? await _store.FlushAsync(trace.Partition!.Value, trace.Offset!.Value, cancellationToken) : null;
        return trace with { Flush = flush, Sentence = TraceSentence.Of(trace, flush) };
    }

    private async Task<EventTrace> WaitingAsync(TopicScan.Hit hit, CancellationToken cancellationToken)
    {
        var rate = await _store.RateAsync(hit.Partition, cancellationToken);
        var waiting = new WaitingTrace(
            hit.Ahead, Math.Max(0, (_time.GetUtcNow() - hit.Timestamp).TotalSeconds), rate is { } perSecond and > 0 ? (hit.Ahead + 1) / perSecond : null);
        var trace = new EventTrace
        {
            EventId = hit.Event.EventId,
            Outcome = TraceOutcome.InTopic,
            Sentence = "",
            EventType = hit.Event.EventType,
            UserId = hit.Event.UserId,
            CorrelationId = hit.Event.CorrelationId,
            Topic = _settings.Topic,
            Partition = hit.Partition,
            Offset = hit.Offset,
            AcceptedAt = hit.Timestamp,
            Waiting = waiting,
        };
        return trace with { Sentence = TraceSentence.Of(trace, null) };
    }

    private async Task<TopicScan.Result> ScanAsync(EventMatch match, int wanted, CancellationToken cancellationToken)
    {
        Dictionary<int, long> positions;
        await using (var connection = await _database.OpenConnectionAsync(cancellationToken))
        {
            positions = (await StoredPosition.ReadAllAsync(connection, _settings.GroupId, _settings.Topic, cancellationToken))
                .ToDictionary(position => position.Partition, position => position.NextOffset ?? 0);
        }

        return await Task.Run(() => new TopicScan(_kafka, _settings.Topic, _time).Run(positions, match, wanted, cancellationToken), cancellationToken);
    }

    /// <summary>When the topic took the record; null when the log does not have it any more, or does not answer soon.</summary>
    private DateTimeOffset? RecordTime(EventTrace trace)
    {
        try
        {
            using var consumer = _kafka.Consumer();
            consumer.Assign(new TopicPartitionOffset(_settings.Topic, trace.Partition!.Value, trace.Offset!.Value));
            var record = consumer.Consume(RecordLimit);
            return record is { IsPartitionEOF: false } && record.Offset.Value == trace.Offset
                ? new DateTimeOffset(record.Message.Timestamp.UtcDateTime, TimeSpan.Zero)
                : null;
        }
        catch (KafkaException)
        {
            // Nothing else of the answer depends on it.
            return null;
        }
    }

    private static string Describe(TopicScan.Result scan) => scan switch
    {
        { Trouble: { } trouble } => $"not the topic, because {trouble.TrimEnd('.')}",
        { IsComplete: true } => $"the {scan.Records:N0} records of the topic that were not read yet",
        _ => $"the next {scan.Records:N0} records of the topic that were not read yet, after which the search was ended: there are more",
    };
}
