-- Schemas of event types, by version. source is the text exactly as it was given; fingerprint is that of its canonical form, so that spacing and the
-- order of names do not matter. schema_id is one for each fingerprint, whatever types and versions have it. Events may name the active
-- version and the deprecated ones; a deleted one is kept so that its number stays taken and its id can be read.
CREATE TABLE pipeline.schema_types (
    event_type   text NOT NULL PRIMARY KEY,
    mode         text CHECK (mode IN ('enforce', 'warn', 'off')),
    level        text CHECK (level IN ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE')),
    strict       boolean,
    -- A number is never given twice: rows of pipeline.events name it.
    last_version int  NOT NULL DEFAULT 0
);

CREATE SEQUENCE pipeline.schema_ids AS int;

CREATE TABLE pipeline.schemas (
    event_type    text        NOT NULL REFERENCES pipeline.schema_types,
    version       int         NOT NULL CHECK (version > 0),
    schema_id     int         NOT NULL,
    fingerprint   text        NOT NULL,
    source        text        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('draft', 'active', 'deprecated', 'deleted')),
    registered_at timestamptz NOT NULL DEFAULT now(),
    registered_by text        NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    changed_by    text        NOT NULL,
    PRIMARY KEY (event_type, version)
);

CREATE UNIQUE INDEX schemas_active ON pipeline.schemas (event_type) WHERE state = 'active';
CREATE INDEX schemas_schema_id ON pipeline.schemas (schema_id);
CREATE INDEX schemas_fingerprint ON pipeline.schemas (fingerprint);

-- What holds where a type has nothing of its own. change grows with every change of these three tables: its row is locked first by each of them,
-- so that they come one after the other, and running processes look at it each second besides being notified.
CREATE TABLE pipeline.schema_settings (
    one_row       boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (one_row),
    mode          text    NOT NULL DEFAULT 'enforce' CHECK (mode IN ('enforce', 'warn', 'off')),
    level         text    NOT NULL DEFAULT 'BACKWARD' CHECK (level IN ('NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE')),
    strict        boolean NOT NULL DEFAULT false,
    unknown_types text    NOT NULL DEFAULT 'accept' CHECK (unknown_types IN ('accept', 'warn', 'reject')),
    change        bigint  NOT NULL DEFAULT 1
);

INSERT INTO pipeline.schema_settings DEFAULT VALUES;
