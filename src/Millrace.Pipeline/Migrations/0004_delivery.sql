-- A dead letter as it came: headers too, as [{"key": text, "value": base64 or null}] in their order. event_id and so on: as far as they
-- could be read. replays counts how often it was sent to the topic again, relayed_at says when the dead-letter topic acknowledged it.
ALTER TABLE pipeline.dead_letters
    ADD COLUMN record_headers  jsonb,
    ADD COLUMN event_id        uuid,
    ADD COLUMN event_type      text,
    ADD COLUMN user_id         text,
    ADD COLUMN correlation_id  text,
    ADD COLUMN replays         int NOT NULL DEFAULT 0,
    ADD COLUMN relayed_at      timestamptz,
    ADD COLUMN decided_at      timestamptz,
    ADD COLUMN decided_reason  text;

CREATE INDEX dead_letters_unrelayed ON pipeline.dead_letters (first_seen) WHERE relayed_at IS NULL;
CREATE INDEX dead_letters_event ON pipeline.dead_letters (event_id) WHERE event_id IS NOT NULL;

-- Users whose events wait because one of them failed for a reason that is theirs alone. attempts: how often the first one in the queue
-- has been tried. The rows of a partition belong to the writer that holds its epoch.
CREATE TABLE pipeline.parked_users (
    group_id        text        NOT NULL,
    topic           text        NOT NULL,
    partition       int         NOT NULL,
    user_id         text        NOT NULL,
    reason          text        NOT NULL,
    detail          text        NOT NULL,
    attempts        int         NOT NULL DEFAULT 1,
    parked_at       timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL,
    PRIMARY KEY (group_id, topic, partition, user_id)
);

-- Their events, in the order of the partition.
CREATE TABLE pipeline.parked_events (
    group_id         text        NOT NULL,
    topic            text        NOT NULL,
    partition        int         NOT NULL,
    kafka_offset     bigint      NOT NULL,
    user_id          text        NOT NULL,
    event_id         uuid        NOT NULL,
    event_type       text        NOT NULL,
    correlation_id   text,
    record_timestamp timestamptz NOT NULL,
    record_key       bytea,
    record_value     bytea       NOT NULL,
    record_headers   jsonb,
    parked_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, topic, partition, kafka_offset)
);

CREATE INDEX parked_events_queue ON pipeline.parked_events (group_id, topic, partition, user_id, kafka_offset);
CREATE INDEX parked_events_event ON pipeline.parked_events (event_id);

-- What became of each event that had been parked: the ledger counted it as parked, this row says how it ended.
CREATE TABLE pipeline.released_events (
    group_id     text        NOT NULL,
    topic        text        NOT NULL,
    partition    int         NOT NULL,
    kafka_offset bigint      NOT NULL,
    event_id     uuid        NOT NULL,
    outcome      text        NOT NULL CHECK (outcome IN ('inserted', 'duplicate', 'dead')),
    epoch        bigint      NOT NULL,
    released_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (group_id, topic, partition, kafka_offset)
);

-- flushes: how many rows were merged into this one when it got old. skipped: the range was given up by a person (see operations), its
-- records were not read.
ALTER TABLE pipeline.ledger
    ADD COLUMN parked  int     NOT NULL DEFAULT 0,
    ADD COLUMN flushes int     NOT NULL DEFAULT 1,
    ADD COLUMN skipped boolean NOT NULL DEFAULT false;

-- What was acknowledged over HTTP: one row for each instance, partition and few seconds, written behind the answers.
CREATE TABLE pipeline.accepted (
    instance   uuid           NOT NULL,
    topic      text           NOT NULL,
    partition  int            NOT NULL,
    since      timestamptz    NOT NULL,
    until      timestamptz    NOT NULL,
    offsets    int8multirange NOT NULL,
    events     bigint         NOT NULL,
    PRIMARY KEY (instance, topic, partition, since)
);

-- What people did: who, when, what, to what, with which result.
CREATE TABLE pipeline.operations (
    operation_id uuid        NOT NULL PRIMARY KEY,
    at           timestamptz NOT NULL DEFAULT now(),
    actor        text        NOT NULL,
    action       text        NOT NULL,
    target       text        NOT NULL,
    details      jsonb       NOT NULL DEFAULT '{}',
    outcome      text        NOT NULL
);

CREATE INDEX operations_at ON pipeline.operations (at);

CREATE FUNCTION pipeline.advance(
    in_group text, in_topic text, in_partition int, in_epoch bigint,
    in_expected bigint, in_from bigint, in_to bigint, in_leader_epoch int,
    in_inserted int, in_duplicates int, in_dead int, in_parked int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE pipeline.consumer_positions
       SET next_offset = in_to, leader_epoch = in_leader_epoch, updated_at = now()
     WHERE group_id = in_group AND topic = in_topic AND partition = in_partition
       AND epoch = in_epoch AND next_offset IS NOT DISTINCT FROM in_expected;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'position of partition % is not % under epoch %', in_partition, in_expected, in_epoch USING ERRCODE = 'MR001';
    END IF;
    INSERT INTO pipeline.ledger (group_id, topic, partition, from_offset, to_offset, inserted, duplicates, dead, parked, epoch)
    VALUES (in_group, in_topic, in_partition, in_from, in_to, in_inserted, in_duplicates, in_dead, in_parked, in_epoch);
END
$$;

DROP FUNCTION pipeline.advance(text, text, int, bigint, bigint, bigint, bigint, int, int, int, int);
