-- Care rounds: what somebody did at a station, who and when, and what staff wrote down to do there.

CREATE TABLE care_task (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    station text REFERENCES station ON DELETE CASCADE,  -- NULL: beside the stations
    along_m double precision CHECK (along_m >= 0),      -- NULL: at the station, or nobody said where
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 200),
    bring text NOT NULL DEFAULT '' CHECK (length(bring) <= 100),
    created_by text NOT NULL CHECK (length(created_by) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    done_by text CHECK (length(done_by) BETWEEN 1 AND 200),
    done_at timestamptz,
    CHECK (station IS NULL OR along_m IS NULL),
    CHECK ((done_by IS NULL) = (done_at IS NULL))
);
CREATE INDEX care_task_open ON care_task (trail) WHERE done_at IS NULL;

CREATE TABLE care_visit (
    id uuid PRIMARY KEY,  -- made by the phone: the same visit sent twice stays one
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    station text REFERENCES station ON DELETE CASCADE,  -- NULL: beside the stations
    visited_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    visited_by text NOT NULL CHECK (length(visited_by) BETWEEN 1 AND 200),
    at_sign boolean NOT NULL,
    is_fine boolean NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    CHECK (station IS NOT NULL OR NOT at_sign)
);
CREATE INDEX care_visit_newest ON care_visit (trail, visited_at);

CREATE TABLE care_tick (
    visit uuid NOT NULL REFERENCES care_visit ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('device', 'case', 'report', 'closure', 'task')),
    ref text NOT NULL CHECK (length(ref) BETWEEN 1 AND 100),
    outcome text NOT NULL CHECK (length(outcome) BETWEEN 1 AND 40),
    is_late boolean NOT NULL,
    PRIMARY KEY (visit, kind, ref)
);
CREATE INDEX care_tick_of ON care_tick (kind, ref);

CREATE TABLE care_picture (
    visit uuid PRIMARY KEY REFERENCES care_visit ON DELETE CASCADE,
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 2000000)
);

COMMENT ON TABLE care_task IS 'What staff wrote down to do on the next care round';
COMMENT ON COLUMN care_task.station IS 'NULL: beside the stations';
COMMENT ON COLUMN care_task.along_m IS 'Metres along the trail; NULL: at the station, or nobody said where';
COMMENT ON COLUMN care_task.bring IS 'What is needed for it';
COMMENT ON TABLE care_visit IS 'Somebody was at a station on a care round';
COMMENT ON COLUMN care_visit.id IS 'Made by the phone: the same visit sent twice stays one';
COMMENT ON COLUMN care_visit.visited_at IS 'By the phone''s clock, never later than received_at';
COMMENT ON COLUMN care_visit.at_sign IS 'The code of the station''s own sign was scanned or typed';
COMMENT ON COLUMN care_visit.is_fine IS 'Everything was in order';
COMMENT ON TABLE care_tick IS 'What was done on a visit, of what was to be done';
COMMENT ON COLUMN care_tick.ref IS 'Id of the device, case, report, closure or task; it may be gone by now';
COMMENT ON COLUMN care_tick.is_late IS 'Somebody else had done it already';
COMMENT ON TABLE care_picture IS 'The picture of a visit, encoded anew: a JPEG without metadata';
