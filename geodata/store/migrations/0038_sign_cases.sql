-- Signs that somebody should look at: people pass and nobody scans any more, or a visitor says that the code does not work.
-- However often that is said, a station has one open case.

CREATE TABLE sign_watch (
    station text PRIMARY KEY REFERENCES station ON DELETE CASCADE,
    watched_on date NOT NULL,
    state jsonb NOT NULL
);

CREATE TABLE sign_case (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station text NOT NULL REFERENCES station ON DELETE CASCADE,
    reason text NOT NULL CHECK (reason IN ('silent', 'reported')),
    opened_at timestamptz NOT NULL,
    evidence jsonb,
    closed_at timestamptz,
    closed_by text CHECK (length(closed_by) BETWEEN 1 AND 200),
    outcome text CHECK (outcome IN ('mended', 'in-order', 'changed')),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (outcome IS NULL)),
    CHECK (reason <> 'silent' OR evidence IS NOT NULL)
);
CREATE UNIQUE INDEX sign_case_open ON sign_case (station) WHERE closed_at IS NULL;

CREATE TABLE sign_case_report (
    report uuid PRIMARY KEY REFERENCES report ON DELETE CASCADE,
    sign_case integer NOT NULL REFERENCES sign_case ON DELETE CASCADE
);
CREATE INDEX sign_case_report_sign_case ON sign_case_report (sign_case);

COMMENT ON TABLE sign_watch IS 'What is remembered from day to day of how a station is scanned';
COMMENT ON COLUMN sign_watch.watched_on IS 'The last day, of the municipality''s time zone, that is in the state';
COMMENT ON COLUMN sign_watch.state IS 'Scans and passes of days gone by, and the evidence that the sign is silent';
COMMENT ON TABLE sign_case IS 'A sign that somebody should look at, or has looked at';
COMMENT ON COLUMN sign_case.reason IS 'What came first: people passed and nobody scanned, or a visitor told it';
COMMENT ON COLUMN sign_case.evidence IS 'Days, passes, and expected and real scans of the silence; NULL: none is seen';
COMMENT ON COLUMN sign_case.outcome IS 'mended, in-order (nothing was wrong), or changed: the ratio is learnt anew';
COMMENT ON TABLE sign_case_report IS 'What visitors told of the sign';
