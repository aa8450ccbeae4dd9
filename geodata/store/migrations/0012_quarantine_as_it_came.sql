-- An entry of the quarantine is a message as the bytes that came, with all that was refused of it.

-- Until now a message that could be taken apart was kept in pieces, each written anew: what the gateway did not know of
-- it is gone. Such entries say so from here on; they can be replayed as before.
ALTER TABLE quarantine
    ADD COLUMN kept text CHECK (kept IN ('whole', 'redacted', 'cut', 'rewritten')),
    ADD COLUMN size integer,
    ADD COLUMN refusals jsonb,                               -- reason, detail, where; of the first 32
    ADD COLUMN reasons text[] NOT NULL DEFAULT '{}',         -- of all refused parts, each once
    ADD COLUMN refused_parts integer NOT NULL DEFAULT 1 CHECK (refused_parts > 0),
    ADD COLUMN received_parts bigint NOT NULL DEFAULT 1;     -- refused or not, over all deliveries
UPDATE quarantine SET
    kept = CASE
        WHEN reason = 'too-large' AND length(payload) = 65536 THEN 'cut'
        WHEN reason NOT IN ('topic', 'unknown-device', 'wrong-trail', 'too-large', 'not-utf8', 'not-json',
            'not-an-object', 'too-deep', 'state', 'refused', 'unreadable') THEN 'rewritten'
        WHEN position('[redacted]'::bytea IN payload) > 0 THEN 'redacted'
        ELSE 'whole' END,
    size = length(payload),
    refusals = jsonb_build_array(jsonb_build_object('reason', reason, 'detail', detail, 'where', '')),
    reasons = ARRAY[reason],
    received_parts = deliveries;
ALTER TABLE quarantine
    ALTER COLUMN kept SET NOT NULL, ALTER COLUMN kept SET DEFAULT 'rewritten',
    ALTER COLUMN size SET NOT NULL, ALTER COLUMN size SET DEFAULT 0,
    ALTER COLUMN refusals SET NOT NULL, ALTER COLUMN refusals SET DEFAULT '[]';
COMMENT ON COLUMN quarantine.digest IS 'SHA-256 of topic, NUL and payload; of a cut message also of its size';

-- A status that is replayed must not stand in for a newer one; state_at is when the state last changed.
ALTER TABLE device_state ADD COLUMN status_at timestamptz;  -- receipt of the newest status
UPDATE device_state SET status_at = state_at;
