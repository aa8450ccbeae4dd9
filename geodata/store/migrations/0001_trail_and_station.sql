-- Municipalities, trails, stations with their permanent codes, and the texts of both.

CREATE TABLE municipality (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL,
    timezone text NOT NULL DEFAULT 'Europe/Berlin'
);

CREATE TABLE trail (
    slug text PRIMARY KEY CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    municipality text NOT NULL REFERENCES municipality,
    line bytea NOT NULL,  -- WKB LineString, lon lat [height], CRS84, in walking direction
    licence text NOT NULL,
    attribution text NOT NULL DEFAULT '',
    surveyed boolean NOT NULL DEFAULT true,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trail_content (
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    variant text NOT NULL,
    name text NOT NULL,
    lead text NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    PRIMARY KEY (trail, variant)
);

CREATE TABLE station (
    code text PRIMARY KEY CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
    trail text NOT NULL REFERENCES trail,
    number integer NOT NULL CHECK (number > 0),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    height double precision,
    along_m double precision NOT NULL DEFAULT 0,
    retired_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX station_number ON station (trail, number) WHERE retired_at IS NULL;

-- The sign in the forest outlives every edit: a code, once given, is never changed and never freed for reuse.
CREATE FUNCTION keep_station_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Station code % is permanent: retire the station instead.', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER station_code_is_permanent BEFORE DELETE ON station
    FOR EACH ROW EXECUTE FUNCTION keep_station_code();
CREATE TRIGGER station_code_is_unchangeable BEFORE UPDATE OF code ON station
    FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION keep_station_code();

CREATE TABLE station_content (
    station text NOT NULL REFERENCES station,
    variant text NOT NULL,
    title text NOT NULL,
    lead text NOT NULL DEFAULT '',
    body text NOT NULL DEFAULT '',
    question text NOT NULL DEFAULT '',
    answer text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT '',
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (station, variant)
);

-- The web process holds the catalogue in memory and reloads it when any of its tables changes.
CREATE FUNCTION catalogue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('digitalpfad_catalogue', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON municipality
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON trail_content
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON station
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON station_content
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
