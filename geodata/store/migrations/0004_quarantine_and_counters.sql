-- What could not be kept, with its reason; and the books: received = stored + duplicates + quarantined.

CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,  -- SHA-256 of topic and payload: a redelivery is the same entry
    reason text NOT NULL,
    detail text NOT NULL,
    topic text NOT NULL,
    payload bytea NOT NULL,
    device text,                   -- as the topic says; may not be registered
    received_at timestamptz NOT NULL,
    replayed_at timestamptz
);
CREATE INDEX quarantine_reason ON quarantine (reason, received_at);
CREATE INDEX quarantine_device ON quarantine (device, received_at);
CREATE INDEX quarantine_open ON quarantine (received_at) WHERE replayed_at IS NULL;

-- Counted in parts: one observed property of one reading, or a message that cannot be taken apart.
CREATE TABLE ingest_counter (
    partition text PRIMARY KEY,
    messages bigint NOT NULL DEFAULT 0,
    received bigint NOT NULL DEFAULT 0,
    stored bigint NOT NULL DEFAULT 0,
    duplicates bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL,
    CHECK (received = stored + duplicates + quarantined)
) WITH (fillfactor = 50);

CREATE TABLE ingest_minute (
    partition text NOT NULL,
    minute timestamptz NOT NULL,
    messages integer NOT NULL DEFAULT 0,
    PRIMARY KEY (partition, minute)
);
