-- What counts people: counters, where they hang, which way they count, and the passes of each hour and day.

-- Which way somebody went whom an observed property counts; NULL: it counts no passes.
ALTER TABLE observed_property
    ADD COLUMN direction text CHECK (direction IN ('in', 'out', 'both')),
    ADD CHECK (direction IS NULL OR kind <> 'gauge');
UPDATE observed_property SET direction = 'in' WHERE id = 'passes_in_total';
UPDATE observed_property SET direction = 'out' WHERE id = 'passes_out_total';
COMMENT ON COLUMN observed_property.direction IS
    'Which way the people went that it counts: in, out, or both together; NULL: it counts no passes';

-- A mounting period: a counter that hangs at one place in one way. Whatever changes how much of the truth it sees (moved,
-- replaced, turned, set otherwise) begins a new one, because what was learnt of it by counting by hand ends there.
CREATE TABLE counter_mounting (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    trail text NOT NULL REFERENCES trail,
    station text REFERENCES station ON DELETE SET NULL,  -- NULL: beside the trail
    starts_at timestamptz,                               -- NULL: always
    ends_at timestamptz,                                 -- NULL: it hangs there still
    technology text NOT NULL DEFAULT 'unknown' CHECK (technology IN ('unknown', 'passive-infrared', 'active-infrared',
        'radar', 'pressure', 'laser', 'magnetic', 'radio-beam', 'other')),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    CHECK (starts_at < ends_at)
);
-- One period begins where the one before ends: at most one without an end, and no two with the same one.
CREATE UNIQUE INDEX counter_mounting_open ON counter_mounting (device) WHERE ends_at IS NULL;
CREATE UNIQUE INDEX counter_mounting_ends ON counter_mounting (device, ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX counter_mounting_station ON counter_mounting (station);

-- What a mounted counter counts in one direction, and by which datastreams it says so: a running total, an amount since
-- the message before, or both as two witnesses.
CREATE TABLE counter_channel (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mounting integer NOT NULL REFERENCES counter_mounting ON DELETE CASCADE,
    direction text NOT NULL CHECK (direction IN ('in', 'out', 'both')),
    total integer REFERENCES datastream,
    increment integer REFERENCES datastream,
    width smallint CHECK (width BETWEEN 8 AND 53),
    capacity integer NOT NULL DEFAULT 10000 CHECK (capacity > 0),
    UNIQUE (mounting, direction),
    CHECK (total IS NOT NULL OR increment IS NOT NULL)
);
CREATE INDEX counter_channel_total ON counter_channel (total);
CREATE INDEX counter_channel_increment ON counter_channel (increment);

-- What surely passed in an hour, and for how much of the hour that is known. Everything here follows from rollup_hour and
-- the rows above, and can be made from them again.
CREATE TABLE passes_hour (
    channel integer NOT NULL REFERENCES counter_channel ON DELETE CASCADE,
    hour timestamptz NOT NULL,
    passes integer NOT NULL CHECK (passes >= 0),
    shared integer NOT NULL DEFAULT 0 CHECK (shared >= 0),
    covered_s smallint NOT NULL CHECK (covered_s BETWEEN 0 AND 3600),
    flags smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, hour) INCLUDE (passes, covered_s, flags)  -- years of it are read from the index alone
);

-- A silence over which the running total went on: how many passed is known, in which hours is not.
CREATE TABLE counter_silence (
    channel integer NOT NULL REFERENCES counter_channel ON DELETE CASCADE,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    passes integer NOT NULL CHECK (passes >= 0),
    flags smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, starts_at),
    CHECK (starts_at < ends_at)
);

-- The days of the municipality's time zone, 23 to 25 hours long.
CREATE TABLE passes_day (
    channel integer NOT NULL REFERENCES counter_channel ON DELETE CASCADE,
    day date NOT NULL,
    passes integer NOT NULL CHECK (passes >= 0),
    shared integer NOT NULL DEFAULT 0 CHECK (shared >= 0),
    covered_s integer NOT NULL CHECK (covered_s BETWEEN 0 AND 90000),
    covered_hours smallint NOT NULL CHECK (covered_hours BETWEEN 0 AND 25),
    valid boolean NOT NULL,
    flags smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, day) INCLUDE (passes, shared, covered_s, valid, flags)
);

-- Hours of counters whose rollup changed. It is written in the transaction of the ingest and has no key: whoever counts
-- them takes rows that are committed, and never waits for the ingest, nor the ingest for it.
CREATE TABLE passes_queue (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    datastream integer NOT NULL,
    hour timestamptz NOT NULL
);

-- Whoever has figures made anew, and what stood there before: it can be put back bit by bit.
CREATE TABLE figures_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    done_at timestamptz NOT NULL DEFAULT now(),
    done_by text NOT NULL CHECK (length(done_by) BETWEEN 1 AND 200),
    what text NOT NULL CHECK (what IN ('rebuild', 'undo', 'revise')),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    undoes bigint UNIQUE REFERENCES figures_log,
    before jsonb NOT NULL
);

COMMENT ON TABLE counter_mounting IS 'A period in which a counter hangs at one place in one way';
COMMENT ON COLUMN counter_mounting.starts_at IS 'From here on; NULL: since it was registered, and before';
COMMENT ON COLUMN counter_mounting.ends_at IS 'Up to but not at; NULL: it hangs there still';
COMMENT ON TABLE counter_channel IS 'What a mounted counter counts in one direction, by one or two datastreams';
COMMENT ON COLUMN counter_channel.total IS 'The datastream of its running total';
COMMENT ON COLUMN counter_channel.increment IS 'The datastream of what passed since the message before';
COMMENT ON COLUMN counter_channel.width IS 'Bits of the running total, after which it begins anew at 0; NULL: not known';
COMMENT ON COLUMN counter_channel.capacity IS 'Passes in an hour that cannot be more: a larger step is a counter that began anew';
COMMENT ON TABLE passes_hour IS 'What passed a counter in an hour of UTC';
COMMENT ON COLUMN passes_hour.passes IS 'Counted in this hour';
COMMENT ON COLUMN passes_hour.shared IS 'Its share of what passed during a silence; an estimate';
COMMENT ON COLUMN passes_hour.covered_s IS 'For how many seconds of the hour the count is known';
COMMENT ON TABLE counter_silence IS 'A silence over which the running total went on';
COMMENT ON TABLE passes_day IS 'What passed a counter on a day of the municipality''s time zone';
COMMENT ON COLUMN passes_day.passes IS 'Counted on this day; with what passed in silences that lie wholly within it';
COMMENT ON COLUMN passes_day.shared IS 'Its share of silences that reach over its ends; an estimate';
COMMENT ON COLUMN passes_day.valid IS '20 hours and all daylight hours are covered: fit for comparisons';
COMMENT ON TABLE passes_queue IS 'Hours of counters whose observations changed, until their passes are counted anew';
COMMENT ON TABLE figures_log IS 'Figures made anew by hand: who, why, and what stood there before';
