-- Which devices changed, and whose datastreams: listeners read those instead of everything. The table's name goes on
-- being told beside it, for processes of an earlier release.
-- Statement by statement, and only where rows changed. Up to a hundred ids fit into one notification (8000 bytes);
-- of more the payload is empty, which means any of them.

CREATE FUNCTION device_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    devices text[];
BEGIN
    IF TG_TABLE_NAME = 'device' THEN
        devices := ARRAY(SELECT DISTINCT id FROM changed ORDER BY id LIMIT 101);
    ELSE
        devices := ARRAY(SELECT DISTINCT device FROM changed ORDER BY device LIMIT 101);
    END IF;
    IF devices <> '{}' THEN
        PERFORM pg_notify('digitalpfad_' || TG_TABLE_NAME,
            CASE WHEN cardinality(devices) > 100 THEN '' ELSE array_to_json(devices)::text END);
    END IF;
    RETURN NULL;
END $$;

-- A trigger sees the rows of one kind of change only. An update may take a row from one device to another: both are
-- told, and what is told twice in a transaction arrives once.
CREATE TRIGGER device_inserted AFTER INSERT ON device
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER device_updated AFTER UPDATE ON device
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER device_was AFTER UPDATE ON device
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER device_deleted AFTER DELETE ON device
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();

CREATE TRIGGER datastream_inserted AFTER INSERT ON datastream
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER datastream_updated AFTER UPDATE ON datastream
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER datastream_was AFTER UPDATE ON datastream
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();
CREATE TRIGGER datastream_deleted AFTER DELETE ON datastream
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION device_changed();

-- The staff's start page reads the devices of one trail.
CREATE INDEX device_trail ON device (trail);
