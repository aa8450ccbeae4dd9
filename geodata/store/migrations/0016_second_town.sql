-- Trails that the public lists leave out, codes of stations that are gone, and who runs a municipality's trails.

-- shown: as usual. hidden: no list names it, its own addresses answer. retired: it is given up; its codes say what stood
-- there. What changed, and when, is one entry: nobody asks for the states before.
ALTER TABLE trail
    ADD COLUMN state text NOT NULL DEFAULT 'shown' CHECK (state IN ('shown', 'hidden', 'retired')),
    ADD COLUMN state_since timestamptz NOT NULL DEFAULT now();

-- The codes of a trail that was removed as if it had never been: a sign may have been printed. Each goes on answering
-- that it is not valid, names the nearest station by its place, and is given to no other station.
CREATE TABLE removed_code (
    code text PRIMARY KEY CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
    trail text NOT NULL,   -- the slug; the trail is gone, and another one may get it
    number integer NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON removed_code
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

-- As before, but for stations whose codes were written down in removed_code.
CREATE OR REPLACE FUNCTION keep_station_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM removed_code WHERE code = OLD.code) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Station code % is permanent: retire the station instead.', OLD.code
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- A station that comes back by its own code (the same file is imported again) is no longer gone.
CREATE FUNCTION station_is_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM removed_code WHERE code = NEW.code;
    RETURN NULL;
END $$;
CREATE TRIGGER station_is_back AFTER INSERT ON station FOR EACH ROW EXECUTE FUNCTION station_is_back();

-- As before, but for the texts of a station that is being removed.
CREATE OR REPLACE FUNCTION keep_content_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
        AND to_jsonb(NEW) - 'published_at' - 'published_by' = to_jsonb(OLD) - 'published_at' - 'published_by' THEN
        RETURN NEW;  -- a draft is published, as it is
    END IF;
    IF TG_OP = 'DELETE' AND current_setting('digitalpfad.removes_trail', true)
        IN (OLD.trail, (SELECT trail FROM station WHERE code = OLD.station)) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'Version % of a text is kept as it was saved: save another version.', OLD.number
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Lines of the legal pages by their names (geodata/operator.py); one that is not there is not set.
ALTER TABLE municipality
    ADD COLUMN operator jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(operator) = 'object');
