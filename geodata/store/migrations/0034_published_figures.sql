-- Figures that are public, decided once when a time closes and never opened again.

-- What a town publishes: no count from 1 to smallest_count - 1, none that would tell one, and nothing finer than this.
ALTER TABLE municipality
    ADD COLUMN smallest_count smallint NOT NULL DEFAULT 5 CHECK (smallest_count BETWEEN 5 AND 100),
    ADD COLUMN finest_published text NOT NULL DEFAULT 'hour' CHECK (finest_published IN ('hour', 'day', 'month')),
    ADD COLUMN close_after_days smallint NOT NULL DEFAULT 1 CHECK (close_after_days BETWEEN 0 AND 14);

CREATE TABLE closed_period (
    municipality text NOT NULL REFERENCES municipality ON DELETE CASCADE,
    bucket text NOT NULL CHECK (bucket IN ('day', 'week', 'month', 'year')),
    start date NOT NULL,
    closed_at timestamptz NOT NULL,
    smallest_count smallint NOT NULL CHECK (smallest_count >= 5),
    finest_published text NOT NULL,
    rule smallint NOT NULL,
    PRIMARY KEY (municipality, bucket, start)
);

-- A row for each place and time that closed. It stays when the place goes: what was published was published.
CREATE TABLE published_figure (
    scope text NOT NULL CHECK (scope IN ('station', 'trail', 'municipality')),
    code text NOT NULL,
    measure text NOT NULL CHECK (measure IN ('passes', 'scans')),
    bucket text NOT NULL CHECK (bucket IN ('day', 'week', 'month', 'year')),
    start date NOT NULL,
    value integer CHECK (value >= -1),
    coverage real NOT NULL CHECK (coverage BETWEEN 0 AND 1),
    hours integer[] CHECK (hours IS NULL OR (bucket = 'day' AND -1 <= ALL (hours))),
    PRIMARY KEY (scope, code, measure, bucket, start)
);

-- What withheld figures count: without it a month that closes could not know what its days were when they closed.
CREATE TABLE withheld_count (
    scope text NOT NULL,
    code text NOT NULL,
    measure text NOT NULL,
    bucket text NOT NULL,
    start date NOT NULL,
    count integer NOT NULL CHECK (count >= 0),
    PRIMARY KEY (scope, code, measure, bucket, start),
    FOREIGN KEY (scope, code, measure, bucket, start) REFERENCES published_figure ON DELETE CASCADE
);
CREATE INDEX withheld_count_start ON withheld_count (bucket, start);

COMMENT ON COLUMN municipality.smallest_count IS 'k: counts from 1 to k - 1 are not published, nor what would tell them';
COMMENT ON COLUMN municipality.finest_published IS 'The shortest time for which figures are published';
COMMENT ON COLUMN municipality.close_after_days IS 'For how many days late messages are waited for before a day closes';
COMMENT ON TABLE closed_period IS 'Days, weeks, months and years whose figures are decided on, and by which rule';
COMMENT ON COLUMN closed_period.start IS 'Its first day, in the municipality''s time zone';
COMMENT ON COLUMN closed_period.rule IS 'Version of the rules of suppression';
COMMENT ON TABLE published_figure IS 'What the public may know of passes and scans at a place in a closed time';
COMMENT ON COLUMN published_figure.code IS 'The station''s code, or the slug of the trail or municipality';
COMMENT ON COLUMN published_figure.value IS '-1: withheld; NULL: nothing is known';
COMMENT ON COLUMN published_figure.coverage IS 'For which share of the time the count is known';
COMMENT ON COLUMN published_figure.hours IS 'The 23 to 25 hours of the day, as value; NULL: none is published';
COMMENT ON TABLE withheld_count IS 'What withheld figures count, for later closings; no public page reads it';
