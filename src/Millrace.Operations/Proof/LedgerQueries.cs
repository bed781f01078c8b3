namespace Millrace.Operations.Proof;

/// <summary>What the checks ask of PostgreSQL. $1 group, $2 topic, $3 from, $4 to (nulls for all), where a query takes them.</summary>
/// <remarks>
/// A row of <c>events</c> and the ledger row of its flush have the same time, since both are <c>now()</c> of one transaction. So rows are counted by
/// partition and hour over <c>created_at</c>, which has an index, and need none on offsets, which each insert would pay for. The hour is as fine as a
/// compacted ledger can tell.
/// </remarks>
internal static class LedgerQueries
{
    /// <summary>For each partition: the sums, and whether and where the chain of ranges breaks.</summary>
    public const string Partitions =
        """
        WITH chain AS (
            SELECT *, lag(to_offset) OVER (PARTITION BY partition ORDER BY from_offset) AS before,
                   CASE WHEN skipped THEN 0 ELSE inserted::bigint + duplicates + dead + parked END AS records
              FROM pipeline.ledger
             WHERE group_id = $1 AND topic = $2 AND ($3::timestamptz IS NULL OR committed_at >= $3) AND ($4::timestamptz IS NULL OR committed_at < $4))
        SELECT partition, min(from_offset), max(to_offset), min(committed_at),
               coalesce(sum(to_offset - from_offset) FILTER (WHERE NOT skipped), 0)::bigint, sum(inserted)::bigint, sum(duplicates)::bigint,
               sum(dead)::bigint, sum(parked)::bigint, coalesce(sum(to_offset - from_offset) FILTER (WHERE skipped), 0)::bigint,
               coalesce(sum(flushes) FILTER (WHERE NOT skipped), 0)::bigint,
               count(*) FILTER (WHERE before < from_offset), count(*) FILTER (WHERE before > from_offset),
               min(from_offset) FILTER (WHERE before <> from_offset),
               count(*) FILTER (WHERE records > to_offset - from_offset), min(from_offset) FILTER (WHERE records > to_offset - from_offset)
          FROM chain GROUP BY partition ORDER BY partition
        """;

    /// <summary>The flushes whose range is wider than their records.</summary>
    public const string Wide =
        """
        SELECT partition, from_offset, to_offset, inserted::bigint + duplicates + dead + parked
          FROM pipeline.ledger
         WHERE group_id = $1 AND topic = $2 AND ($3::timestamptz IS NULL OR committed_at >= $3) AND ($4::timestamptz IS NULL OR committed_at < $4)
           AND NOT skipped AND inserted::bigint + duplicates + dead + parked < to_offset - from_offset
         ORDER BY partition, from_offset
        """;

    /// <summary>
    /// $1 from, $2 to. For each partition: rows of <c>events</c>, rows that the ledger says were inserted, and the first hour in which the two differ.
    /// Over all groups and topics, those set aside too, because the table does not tell them apart.
    /// </summary>
    public const string Rows =
        """
        WITH stored AS (
            SELECT kafka_partition AS partition, date_trunc('hour', created_at) AS hour, count(*) AS rows
              FROM pipeline.events
             WHERE ($1::timestamptz IS NULL OR created_at >= $1) AND ($2::timestamptz IS NULL OR created_at < $2)
             GROUP BY 1, 2),
        noted AS (
            SELECT partition, date_trunc('hour', at) AS hour, sum(inserted)::bigint AS rows
              FROM (SELECT partition, committed_at AS at, inserted FROM pipeline.ledger
                    UNION ALL
                    SELECT partition, released_at, 1 FROM pipeline.released_events WHERE outcome = 'inserted') AS each
             WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
             GROUP BY 1, 2)
        SELECT partition, coalesce(sum(stored.rows), 0)::bigint, coalesce(sum(noted.rows), 0)::bigint,
               min(hour) FILTER (WHERE coalesce(stored.rows, 0) <> coalesce(noted.rows, 0))
          FROM stored FULL JOIN noted USING (partition, hour)
         GROUP BY partition ORDER BY partition
        """;

    /// <summary>$3 partition, $4 first offset, $5 one past the last, $6 not last seen before its hour, since merged rows are as old as the last of them. Dead letters, and parked events that became one.</summary>
    public const string Dead =
        """
        SELECT (SELECT count(*) FROM pipeline.dead_letters
                 WHERE topic = $2 AND kafka_partition = $3 AND kafka_offset >= $4 AND kafka_offset < $5
                   AND last_seen >= date_trunc('hour', $6)),
               (SELECT count(*) FROM pipeline.released_events
                 WHERE group_id = $1 AND topic = $2 AND partition = $3 AND kafka_offset >= $4 AND kafka_offset < $5 AND outcome = 'dead')
        """;

    /// <summary>$3 partition, $4 first offset, $5 one past the last. Events that are parked, and those that were.</summary>
    public const string Parked =
        """
        SELECT (SELECT count(*) FROM pipeline.parked_events
                 WHERE group_id = $1 AND topic = $2 AND partition = $3 AND kafka_offset >= $4 AND kafka_offset < $5),
               (SELECT count(*) FROM pipeline.released_events
                 WHERE group_id = $1 AND topic = $2 AND partition = $3 AND kafka_offset >= $4 AND kafka_offset < $5)
        """;

    /// <summary>
    /// For each partition: events accepted over HTTP, the width of their offsets, how many of these no row of the ledger covers, the first and one past
    /// the last of those, and how many were given up by a person.
    /// </summary>
    public const string Accepted =
        """
        WITH notes AS (
            SELECT partition, events, offsets FROM pipeline.accepted
             WHERE topic = $2 AND ($3::timestamptz IS NULL OR since >= $3) AND ($4::timestamptz IS NULL OR until < $4)),
        said AS (
            SELECT partition, range_agg(r) AS offsets FROM notes, unnest(notes.offsets) AS r GROUP BY partition),
        covered AS (
            SELECT partition, range_agg(int8range(from_offset, to_offset)) AS all_rows,
                   coalesce(range_agg(int8range(from_offset, to_offset)) FILTER (WHERE skipped), '{}') AS skipped
              FROM pipeline.ledger WHERE group_id = $1 AND topic = $2 GROUP BY partition),
        compared AS (
            SELECT partition, said.offsets, said.offsets - coalesce(covered.all_rows, '{}') AS missing, said.offsets * coalesce(covered.skipped, '{}') AS skipped
              FROM said LEFT JOIN covered USING (partition))
        SELECT partition,
               (SELECT sum(events)::bigint FROM notes WHERE notes.partition = compared.partition),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest(offsets) AS r),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest(missing) AS r), lower(missing), upper(missing),
               (SELECT coalesce(sum(upper(r) - lower(r)), 0)::bigint FROM unnest(skipped) AS r)
          FROM compared ORDER BY partition
        """;

    /// <summary>$1 from, $2 to. A compacted row stands for an hour: a range that begins or ends inside one is widened to whole hours.</summary>
    public const string WholeHours =
        """
        SELECT CASE WHEN EXISTS (SELECT FROM pipeline.ledger WHERE flushes > 1 AND date_trunc('hour', committed_at) = date_trunc('hour', $1::timestamptz))
                    THEN date_trunc('hour', $1::timestamptz) ELSE $1::timestamptz END,
               CASE WHEN date_trunc('hour', $2::timestamptz) < $2::timestamptz
                         AND EXISTS (SELECT FROM pipeline.ledger WHERE flushes > 1 AND date_trunc('hour', committed_at) = date_trunc('hour', $2::timestamptz))
                    THEN date_trunc('hour', $2::timestamptz) + interval '1 hour' ELSE $2::timestamptz END
        """;
}
