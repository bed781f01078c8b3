-- A small flush in one statement, and so in one round trip: rows, ledger and position, with ids that are there already left out and
-- counted. Returns how many rows went in. It raises MR001 as pipeline.advance does. Above some dozens of rows COPY is cheaper.
CREATE FUNCTION pipeline.store(
    in_group text, in_topic text, in_partition int, in_epoch bigint,
    in_expected bigint, in_from bigint, in_to bigint, in_leader_epoch int,
    in_ids uuid[], in_types text[], in_users text[], in_times timestamptz[], in_versions int[], in_correlations text[],
    in_payloads jsonb[], in_offsets bigint[]) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    added int;
BEGIN
    INSERT INTO pipeline.events
        (event_id, event_type, user_id, occurred_at, schema_version, correlation_id, payload, kafka_partition, kafka_offset)
    SELECT id, type, usr, time, version, correlation, payload, in_partition, record_offset
      FROM unnest(in_ids, in_types, in_users, in_times, in_versions, in_correlations, in_payloads, in_offsets)
           AS event (id, type, usr, time, version, correlation, payload, record_offset)
    ON CONFLICT (event_id) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    PERFORM pipeline.advance(
        in_group, in_topic, in_partition, in_epoch, in_expected, in_from, in_to, in_leader_epoch,
        added, cardinality(in_ids) - added, 0, 0);
    RETURN added;
END
$$;
