-- Devices with their credentials, sensors and the series they feed.

CREATE TABLE observed_property (
    id text PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9_]{0,62}$'),
    unit text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('gauge', 'running_total', 'increment')),
    minimum double precision NOT NULL,
    maximum double precision NOT NULL,
    label_de text NOT NULL,
    label_en text NOT NULL,
    decimals smallint NOT NULL DEFAULT 1
);

CREATE TABLE device (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    trail text NOT NULL REFERENCES trail,
    station text REFERENCES station,
    name text NOT NULL DEFAULT '',
    kind text NOT NULL DEFAULT '',
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    interval_s integer NOT NULL DEFAULT 600 CHECK (interval_s > 0),
    registered_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

-- What a device last said of itself; apart from `device` because it changes with every flush.
CREATE TABLE device_state (
    device text PRIMARY KEY REFERENCES device ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'unknown' CHECK (state IN ('online', 'offline', 'unknown')),
    state_at timestamptz,
    firmware text NOT NULL DEFAULT '',
    boot text NOT NULL DEFAULT '',
    interval_s integer CHECK (interval_s > 0),
    last_seen_at timestamptz
) WITH (fillfactor = 50);

-- Which sequence numbers of each start of a device are committed. A union of ranges gives the same set in any
-- order of arrival; its holes are the messages that are missing.
CREATE TABLE device_boot (
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    boot text NOT NULL,
    seqs int8multirange NOT NULL,
    oldest bigint NOT NULL DEFAULT 0,  -- below it the device holds nothing any more: no use waiting
    first_received_at timestamptz NOT NULL,
    last_received_at timestamptz NOT NULL,
    PRIMARY KEY (device, boot)
);

-- Everything up to and including the answer is committed (or given up by the device); NULL while the start is missing.
CREATE FUNCTION confirmed_seq(seqs int8multirange, oldest bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN lower(settled) = 0 THEN upper(range_merge(r)) - 1 END
    FROM (SELECT CASE WHEN seqs @> 1::bigint THEN seqs + '{[0,1)}'::int8multirange ELSE seqs END
                 + int8multirange(int8range(0, oldest))) AS s (settled),
    LATERAL (SELECT int8multirange(first) FROM unnest(settled) AS u (first) ORDER BY first LIMIT 1) AS f (r)
$$;

-- When a device without a clock sent a reading: the first receipt counts, so that a redelivery changes nothing.
CREATE TABLE receipt_time (
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    boot text NOT NULL,
    seq bigint NOT NULL,
    phenomenon_time timestamptz NOT NULL,
    PRIMARY KEY (device, boot, seq)
);

CREATE TABLE device_credential (
    device text PRIMARY KEY REFERENCES device ON DELETE CASCADE,
    bcrypt text NOT NULL,  -- of a generated secret of 128 bit or more; what brokers with bcrypt users read
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sensor (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL REFERENCES device,
    name text NOT NULL,
    UNIQUE (device, name)
);

CREATE TABLE datastream (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL REFERENCES device,
    observed_property text NOT NULL REFERENCES observed_property,
    sensor integer REFERENCES sensor,
    UNIQUE (device, observed_property)
);

CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON observed_property
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON device
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON datastream
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

-- A broker that keeps its users in a file is told when they change.
CREATE FUNCTION credential_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('digitalpfad_credential', '');
    RETURN NULL;
END $$;
CREATE TRIGGER credential_changed AFTER INSERT OR UPDATE OR DELETE ON device_credential
    FOR EACH STATEMENT EXECUTE FUNCTION credential_changed();
CREATE TRIGGER credential_changed AFTER UPDATE OF revoked_at ON device
    FOR EACH STATEMENT EXECUTE FUNCTION credential_changed();
