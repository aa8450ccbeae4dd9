-- What a printed code survives: an emptied table, a session without triggers, and two stations changing numbers.

CREATE FUNCTION keep_station_codes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Station codes are permanent: retire the stations instead of emptying the table.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER station_codes_are_permanent BEFORE TRUNCATE ON station
    FOR EACH STATEMENT EXECUTE FUNCTION keep_station_codes();

-- ALWAYS: also in sessions that work as a replica, where triggers rest otherwise.
ALTER TABLE station ENABLE ALWAYS TRIGGER station_code_is_permanent;
ALTER TABLE station ENABLE ALWAYS TRIGGER station_code_is_unchangeable;
ALTER TABLE station ENABLE ALWAYS TRIGGER station_codes_are_permanent;

-- A unique index is checked row by row and never lets two live stations swap their numbers; this waits for the commit.
DROP INDEX station_number;
ALTER TABLE station ADD CONSTRAINT station_number
    EXCLUDE USING btree (trail WITH =, number WITH =) WHERE (retired_at IS NULL) DEFERRABLE INITIALLY DEFERRED;
