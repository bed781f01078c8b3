-- One row for each event. created_at is the start of the transaction that stored it; kafka_partition and kafka_offset say where it was read.
CREATE TABLE pipeline.events (
    event_id        uuid        NOT NULL PRIMARY KEY,
    event_type      text        NOT NULL,
    user_id         text,
    occurred_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    schema_version  int,
    correlation_id  text,
    payload         jsonb       NOT NULL,
    kafka_partition int         NOT NULL,
    kafka_offset    bigint      NOT NULL
);

-- created_at only grows, so a few bytes for each megabyte of table answer "the last hour"; a B-tree would cost as much as the primary key.
CREATE INDEX events_created_at ON pipeline.events USING brin (created_at) WITH (pages_per_range = 32);
