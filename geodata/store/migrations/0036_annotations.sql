-- What staff write down about days on which counts are not what they usually are.

CREATE TABLE annotation (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    municipality text NOT NULL REFERENCES municipality,
    trail text REFERENCES trail ON DELETE CASCADE,      -- NULL: the whole municipality
    station text REFERENCES station ON DELETE CASCADE,  -- NULL: the whole trail
    kind text NOT NULL CHECK (kind IN ('event', 'defect', 'closure', 'other')),
    first_day date NOT NULL,
    last_day date NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 200),
    created_by text NOT NULL CHECK (length(created_by) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (station IS NULL OR trail IS NOT NULL),
    CHECK (last_day >= first_day AND last_day - first_day < 366)
);
CREATE INDEX annotation_days ON annotation (municipality, first_day);

COMMENT ON TABLE annotation IS 'Days on which counts are not what they usually are, and why: a feast, a defect, a closure';
COMMENT ON COLUMN annotation.trail IS 'NULL: the whole municipality';
COMMENT ON COLUMN annotation.station IS 'NULL: the whole trail';
COMMENT ON COLUMN annotation.last_day IS 'Within it';
COMMENT ON COLUMN annotation.created_by IS 'Login or account of who wrote it down';
