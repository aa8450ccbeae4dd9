-- Every saved text of a station or a trail is a numbered version. station_content and trail_content go on holding what
-- is published, written together with the version; a version itself is never changed nor deleted.

ALTER TABLE station_content
    ADD COLUMN season text NOT NULL DEFAULT '' CHECK (season ~ '^([a-z0-9][a-z0-9-]{0,39})?$'),
    ADD COLUMN show_from text CHECK (show_from ~ '^(0[1-9]|1[0-2])-[0-3][0-9]$'),   -- month-day, by the municipality's
    ADD COLUMN show_until text CHECK (show_until ~ '^(0[1-9]|1[0-2])-[0-3][0-9]$'), -- calendar, the last day included
    ADD CHECK ((season = '') = (show_from IS NULL)),
    ADD CHECK ((show_from IS NULL) = (show_until IS NULL)),
    DROP CONSTRAINT station_content_pkey,
    ADD PRIMARY KEY (station, variant, season);

CREATE TABLE content_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trail text REFERENCES trail,
    station text REFERENCES station,
    variant text NOT NULL,
    season text NOT NULL DEFAULT '',
    number integer NOT NULL CHECK (number > 0),
    content jsonb,  -- all of the text, as geodata.model has it; NULL: from this version on there is none
    saved_at timestamptz NOT NULL DEFAULT now(),
    saved_by text NOT NULL,
    note text NOT NULL DEFAULT '',
    published_at timestamptz,  -- the published version with the highest number is shown; NULL: a draft
    published_by text,
    CHECK (num_nonnulls(trail, station) = 1),
    CHECK ((published_at IS NULL) = (published_by IS NULL)),
    UNIQUE (station, variant, season, number),
    UNIQUE (trail, variant, season, number)
);

CREATE FUNCTION keep_content_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
        AND to_jsonb(NEW) - 'published_at' - 'published_by' = to_jsonb(OLD) - 'published_at' - 'published_by' THEN
        RETURN NEW;  -- a draft is published, as it is
    END IF;
    RAISE EXCEPTION 'Version % of a text is kept as it was saved: save another version.', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER content_version_is_kept BEFORE UPDATE OR DELETE ON content_version
    FOR EACH ROW EXECUTE FUNCTION keep_content_version();

INSERT INTO content_version (station, variant, number, content, saved_at, saved_by, note, published_at, published_by)
    SELECT station, variant, 1,
        to_jsonb(station_content) - 'station' - 'updated_at' - 'show_from' - 'show_until' - 'media' || media, updated_at,
        'migration', 'What was shown before texts had versions.', updated_at, 'migration'
    FROM station_content;
INSERT INTO content_version (trail, variant, number, content, saved_by, note, published_at, published_by)
    SELECT trail, variant, 1, to_jsonb(trail_content) - 'trail', 'migration',
        'What was shown before texts had versions.', now(), 'migration'
    FROM trail_content;
