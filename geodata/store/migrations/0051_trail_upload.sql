-- A trail file that somebody gave on the staff pages waits here between its plan and the word to carry it out: every
-- web process finds it, and what nobody carried out is gone a day later.

CREATE TABLE trail_upload (
    id uuid PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipality ON DELETE CASCADE,
    file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 200),
    content bytea NOT NULL CHECK (octet_length(content) <= 20971520),
    asked jsonb NOT NULL DEFAULT '{}',
    outcome bytea NOT NULL,
    state text NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    uploaded_by text NOT NULL
);
CREATE INDEX trail_upload_municipality ON trail_upload (municipality, uploaded_at DESC);

COMMENT ON TABLE trail_upload IS 'Trail files from the staff pages, with the plan of each, until it is carried out; a day at most';
COMMENT ON COLUMN trail_upload.asked IS 'How to read the file and where the trail goes, by the names of the options of trail import';
COMMENT ON COLUMN trail_upload.outcome IS 'MessagePack: findings, and the plan that is carried out exactly as it was shown';
COMMENT ON COLUMN trail_upload.state IS 'Digest of what the municipality had stored when the plan was made: another one makes another plan';

-- The staff pages add stations with the rights of the web service, which may give no code free itself.
ALTER FUNCTION station_is_back() SECURITY DEFINER SET search_path = public, pg_temp;
