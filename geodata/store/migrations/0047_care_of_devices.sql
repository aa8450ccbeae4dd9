-- Care of devices from the staff pages: times of work at a device, entries of the quarantine that somebody has dealt with,
-- and replays that the staff pages ask for and the gateway carries out.

CREATE TABLE device_maintenance (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    by_whom text NOT NULL,
    confirmed_at timestamptz,
    CHECK (ends_at > starts_at)
);
CREATE INDEX device_maintenance_device ON device_maintenance (device, starts_at);
CREATE UNIQUE INDEX device_maintenance_open ON device_maintenance (device) WHERE ends_at IS NULL;

COMMENT ON TABLE device_maintenance IS 'When somebody works at a device: until then it needs no visit and is missed by nobody';
COMMENT ON COLUMN device_maintenance.ends_at IS 'NULL: the end is open, and is asked about after some days';
COMMENT ON COLUMN device_maintenance.confirmed_at IS 'When somebody last said that it goes on, with an open end';

-- The device is what is read again, and only where work at it changed; of more than a hundred: any of them.
CREATE FUNCTION maintained_device_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    devices text[] := ARRAY(SELECT DISTINCT device FROM changed ORDER BY device LIMIT 101);
BEGIN
    IF devices <> '{}' THEN
        PERFORM pg_notify('digitalpfad_device',
            CASE WHEN cardinality(devices) > 100 THEN '' ELSE array_to_json(devices)::text END);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER device_maintenance_inserted AFTER INSERT ON device_maintenance
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION maintained_device_changed();
CREATE TRIGGER device_maintenance_updated AFTER UPDATE ON device_maintenance
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION maintained_device_changed();
CREATE TRIGGER device_maintenance_deleted AFTER DELETE ON device_maintenance
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION maintained_device_changed();

ALTER TABLE quarantine
    ADD COLUMN settled_at timestamptz,
    ADD COLUMN settled_by text CHECK ((settled_by IS NULL) = (settled_at IS NULL));
COMMENT ON COLUMN quarantine.settled_at IS 'When somebody said that nothing is left to do about it; it is kept all the same';
COMMENT ON COLUMN quarantine.settled_by IS 'The login of who said so';

-- The staff pages may say of an entry that it is done with, or is not; what came they can neither change nor delete.
CREATE FUNCTION settle_quarantine(entries bigint[], who text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH changed AS (
        UPDATE quarantine SET settled_at = CASE WHEN who IS NOT NULL THEN now() END, settled_by = who
        WHERE id = ANY (entries) AND replayed_at IS NULL AND (settled_at IS NULL) = (who IS NOT NULL) RETURNING id
    ) SELECT count(*) FROM changed
$$;

CREATE TABLE quarantine_replay (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text,
    reason text,
    trails text[],
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    total integer,
    done integer NOT NULL DEFAULT 0,
    stored integer NOT NULL DEFAULT 0,
    staying integer NOT NULL DEFAULT 0,
    failed text,
    finished_at timestamptz
);
CREATE INDEX quarantine_replay_waiting ON quarantine_replay (id) WHERE finished_at IS NULL;

COMMENT ON TABLE quarantine_replay IS 'Replays that staff asked for; the gateway carries them out and writes here how far it is';
COMMENT ON COLUMN quarantine_replay.device IS 'Only entries of this device; NULL: of all';
COMMENT ON COLUMN quarantine_replay.reason IS 'Only entries with this reason; NULL: with any';
COMMENT ON COLUMN quarantine_replay.trails IS 'Only entries of devices at these trails; NULL: also of devices that nobody registered';
COMMENT ON COLUMN quarantine_replay.total IS 'Messages to be read; NULL until the gateway has begun';
COMMENT ON COLUMN quarantine_replay.done IS 'Messages read so far';
COMMENT ON COLUMN quarantine_replay.stored IS 'Values stored by it';
COMMENT ON COLUMN quarantine_replay.staying IS 'Messages of which something was refused again';
COMMENT ON COLUMN quarantine_replay.failed IS 'Why it ended early; NULL: it did not';

-- The staff pages give devices new passwords, and read none: the web service writes hashes by these two alone.
CREATE FUNCTION keep_device_credential(which text, hashed text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO device_credential (device, bcrypt) VALUES (which, hashed)
        ON CONFLICT (device) DO UPDATE SET bcrypt = excluded.bcrypt, created_at = now();
$$;

CREATE FUNCTION delete_device_credential(which text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM device_credential WHERE device = which;
$$;
