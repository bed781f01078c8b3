namespace Millrace.Operations.Traces;

/// <summary>What a trace asks of PostgreSQL. $1 group, $2 topic, $3 what is searched; a list holds one more row than is wanted, to tell "more".</summary>
internal static class TraceQueries
{
    private const string StoredColumns = "SELECT event_id, event_type, user_id, correlation_id, kafka_partition, kafka_offset, created_at, payload::text FROM pipeline.events";

    private const string DeadColumns =
        """
        SELECT coalesce(event_id, dead_letter_id), event_type, user_id, correlation_id, topic, kafka_partition, kafka_offset, record_timestamp,
               dead_letter_id, reason, detail, state, first_seen
          FROM pipeline.dead_letters
        """;

    private const string ParkedColumns =
        """
        SELECT e.event_id, e.event_type, e.user_id, e.correlation_id, e.partition, e.kafka_offset, e.record_timestamp, e.parked_at,
               (SELECT f.event_id FROM pipeline.parked_events f
                 WHERE (f.group_id, f.topic, f.partition, f.user_id) = (e.group_id, e.topic, e.partition, e.user_id) ORDER BY f.kafka_offset LIMIT 1),
               (SELECT count(*) FROM pipeline.parked_events f
                 WHERE (f.group_id, f.topic, f.partition, f.user_id) = (e.group_id, e.topic, e.partition, e.user_id) AND f.kafka_offset < e.kafka_offset),
               u.reason, u.detail, u.attempts, u.next_attempt_at
          FROM pipeline.parked_events e JOIN pipeline.parked_users u USING (group_id, topic, partition, user_id)
         WHERE e.group_id = $1 AND e.topic = $2
        """;

    public const string StoredById = $"{StoredColumns} WHERE event_id = $3 AND $1::text IS NOT NULL AND $2::text IS NOT NULL";

    // There is no index on it: each insert would pay for it, and this is asked seldom. The newest first, so that a limit cuts off the oldest.
    public const string StoredByCorrelation =
        $"{StoredColumns} WHERE correlation_id = $3 AND $1::text IS NOT NULL AND $2::text IS NOT NULL ORDER BY created_at DESC LIMIT 1000";

    // An event without an id of its own would have got the letter's.
    public const string DeadById =
        $"{DeadColumns} WHERE (event_id = $3 OR dead_letter_id = $3) AND $1::text IS NOT NULL AND $2::text IS NOT NULL ORDER BY state <> 'new', last_seen DESC LIMIT 1";

    public const string DeadByCorrelation =
        $"{DeadColumns} WHERE correlation_id = $3 AND $1::text IS NOT NULL AND $2::text IS NOT NULL ORDER BY last_seen DESC LIMIT 1000";

    public const string ParkedById = $"{ParkedColumns} AND e.event_id = $3 LIMIT 1";

    public const string ParkedByCorrelation = $"{ParkedColumns} AND e.correlation_id = $3 ORDER BY e.parked_at DESC LIMIT 1000";

    /// <summary>$3 partition, $4 offset. The flush that covers it.</summary>
    public const string Flush =
        """
        SELECT from_offset, to_offset, epoch, committed_at, flushes
          FROM pipeline.ledger
         WHERE group_id = $1 AND topic = $2 AND partition = $3 AND from_offset <= $4
         ORDER BY from_offset DESC LIMIT 1
        """;

    /// <summary>$3 partition. Offsets a second over the last flushes of the last minute; null when there were fewer than two.</summary>
    public const string Rate =
        """
        SELECT (sum(to_offset - from_offset) / nullif(extract(epoch FROM now() - min(committed_at)), 0))::float8
          FROM pipeline.ledger
         WHERE group_id = $1 AND topic = $2 AND partition = $3 AND committed_at > now() - interval '1 minute' AND NOT skipped
        HAVING count(*) > 1
        """;
}
