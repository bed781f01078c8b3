-- Records that cannot be events, as they came. dead_letter_id is derived from where the record stood, so that reading it again (after
-- somebody set a position back) counts another attempt and makes no second row.
CREATE TABLE pipeline.dead_letters (
    dead_letter_id   uuid        NOT NULL PRIMARY KEY,
    topic            text        NOT NULL,
    kafka_partition  int         NOT NULL,
    kafka_offset     bigint      NOT NULL,
    record_timestamp timestamptz NOT NULL,
    record_key       bytea,
    record_value     bytea,
    reason           text        NOT NULL,
    detail           text        NOT NULL,
    first_seen       timestamptz NOT NULL DEFAULT now(),
    last_seen        timestamptz NOT NULL DEFAULT now(),
    attempts         int         NOT NULL DEFAULT 1,
    state            text        NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'replayed', 'discarded')),
    decided_by       text
);

CREATE INDEX dead_letters_new ON pipeline.dead_letters (first_seen) WHERE state = 'new';
