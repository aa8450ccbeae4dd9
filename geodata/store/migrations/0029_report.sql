-- Problems that people tell of: a sign is damaged, a tree lies across the way, a barrier. Of who tells there is what they
-- write themselves, no address, no browser, no login. The key is made where the report is written: the same report sent
-- again, however often, is one row. It cannot be guessed, so its page needs no other secret.

CREATE TABLE report (
    id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now(),
    written_at timestamptz,
    kind text NOT NULL CHECK (kind IN ('sign', 'code', 'tree', 'text', 'barrier', 'other')),
    municipality text REFERENCES municipality ON DELETE SET NULL,
    trail text REFERENCES trail ON DELETE SET NULL,
    station text REFERENCES station ON DELETE SET NULL,
    lon double precision CHECK (lon BETWEEN -180 AND 180),
    lat double precision CHECK (lat BETWEEN -90 AND 90),
    accuracy_m double precision CHECK (accuracy_m >= 0),
    text text NOT NULL CHECK (length(text) <= 2000),
    contact text CHECK (length(contact) BETWEEN 1 AND 200),
    variant text NOT NULL DEFAULT 'de',
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'in-work', 'done', 'rejected')),
    answer text NOT NULL DEFAULT '' CHECK (length(answer) <= 2000),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    closed_at timestamptz,
    CHECK ((lon IS NULL) = (lat IS NULL)),
    CHECK ((closed_at IS NOT NULL) = (state IN ('done', 'rejected')))
);
CREATE INDEX report_received_at ON report (received_at);
CREATE INDEX report_closed_at ON report (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE report_picture (
    report uuid PRIMARY KEY REFERENCES report ON DELETE CASCADE,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    data bytea NOT NULL CHECK (octet_length(data) <= 2000000)
);
ALTER TABLE report_picture ALTER COLUMN data SET STORAGE EXTERNAL;  -- JPEG is compressed already

COMMENT ON TABLE report IS 'A problem that somebody told of';
COMMENT ON COLUMN report.id IS 'Random, made by the phone or in the form: the same report again is the same row';
COMMENT ON COLUMN report.written_at IS 'When it was written on a phone without reception, as its clock says';
COMMENT ON COLUMN report.lon IS 'Where the person stood, if they pressed for it; else the station is the place';
COMMENT ON COLUMN report.contact IS 'How to reach the person who wants an answer; deleted after the report is closed';
COMMENT ON COLUMN report.variant IS 'The language in which it was written';
COMMENT ON COLUMN report.answer IS 'What the person reads on the page of the report';
COMMENT ON COLUMN report.note IS 'What only staff read';
COMMENT ON TABLE report_picture IS 'The picture of a report, encoded anew: a JPEG without metadata';

-- Deletes at most so many reports closed before the one time, with their pictures, and forgets how to reach people whose
-- report was closed before the other. Returns how many rows it changed. Nothing open is ever touched.
CREATE FUNCTION delete_reports(before timestamptz, contact_before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted bigint;
    forgotten bigint;
BEGIN
    DELETE FROM report WHERE id = ANY (ARRAY(
        SELECT id FROM report WHERE closed_at < before ORDER BY closed_at LIMIT most));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    UPDATE report SET contact = NULL WHERE id = ANY (ARRAY(
        SELECT id FROM report WHERE closed_at < contact_before AND contact IS NOT NULL LIMIT most));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN deleted + forgotten;
END $$;
