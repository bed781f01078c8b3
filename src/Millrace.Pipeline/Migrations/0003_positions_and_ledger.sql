-- Where each consumer group goes on reading, and under which epoch it may write. A NULL next_offset: nothing was committed yet.
-- A handful of rows, each updated by every flush: room on the page lets all of these updates stay in place.
CREATE TABLE pipeline.consumer_positions (
    group_id     text        NOT NULL,
    topic        text        NOT NULL,
    partition    int         NOT NULL,
    epoch        bigint      NOT NULL,
    next_offset  bigint,
    leader_epoch int,
    topic_id     uuid,
    owner        text        NOT NULL,
    assigned_at  timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, topic, partition)
) WITH (fillfactor = 10);

-- One row for each flush: [from_offset, to_offset) of a partition, and what became of its records. Ranges of a partition chain:
-- each begins where the last one ended. inserted + duplicates + dead is the number of records, which is less than the width of
-- the range where the log has gaps (compaction, transaction markers).
CREATE TABLE pipeline.ledger (
    group_id     text        NOT NULL,
    topic        text        NOT NULL,
    partition    int         NOT NULL,
    from_offset  bigint      NOT NULL,
    to_offset    bigint      NOT NULL,
    inserted     int         NOT NULL,
    duplicates   int         NOT NULL,
    dead         int         NOT NULL,
    epoch        bigint      NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, topic, partition, from_offset),
    CHECK (to_offset > from_offset)
);

-- Moves a position and writes the ledger row, in the transaction that holds the rows. It raises MR001 when the position is not where the
-- caller left it under the caller's epoch: then somebody else owns the partition (or an earlier attempt of the caller had committed
-- after all), and raising makes sure that nothing of this transaction stays.
CREATE FUNCTION pipeline.advance(
    in_group text, in_topic text, in_partition int, in_epoch bigint,
    in_expected bigint, in_from bigint, in_to bigint, in_leader_epoch int,
    in_inserted int, in_duplicates int, in_dead int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pipeline.consumer_positions
       SET next_offset = in_to, leader_epoch = in_leader_epoch, updated_at = now()
     WHERE group_id = in_group AND topic = in_topic AND partition = in_partition
       AND epoch = in_epoch AND next_offset IS NOT DISTINCT FROM in_expected;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'position of partition % is not % under epoch %', in_partition, in_expected, in_epoch USING ERRCODE = 'MR001';
    END IF;
    INSERT INTO pipeline.ledger (group_id, topic, partition, from_offset, to_offset, inserted, duplicates, dead, epoch)
    VALUES (in_group, in_topic, in_partition, in_from, in_to, in_inserted, in_duplicates, in_dead, in_epoch);
END
$$;
