-- People counted by hand beside a counter: what a factor for the counter is learnt from. The key is made on the phone or
-- in the form: the same session sent again, however often, is one row.

CREATE TABLE count_session (
    id uuid PRIMARY KEY,
    mounting integer NOT NULL REFERENCES counter_mounting ON DELETE CASCADE,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    counted_by text NOT NULL CHECK (length(counted_by) BETWEEN 1 AND 200),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    kept_at timestamptz NOT NULL DEFAULT now(),
    CHECK (started_at < ended_at AND ended_at <= started_at + interval '12 hours')
);
CREATE INDEX count_session_mounting ON count_session (mounting, started_at);

-- Single observations are deleted long before anybody asks how a factor came about: what the counter counted in the same
-- time stays beside what was seen.
CREATE TABLE count_tally (
    session uuid NOT NULL REFERENCES count_session ON DELETE CASCADE,
    direction text NOT NULL CHECK (direction IN ('in', 'out', 'both')),
    seen integer NOT NULL CHECK (seen >= 0),
    counted double precision CHECK (counted >= 0),
    interpolated boolean NOT NULL DEFAULT false,
    PRIMARY KEY (session, direction)
);

CREATE TABLE count_slice (
    session uuid NOT NULL REFERENCES count_session ON DELETE CASCADE,
    direction text NOT NULL,
    starts_at timestamptz NOT NULL,
    seen integer NOT NULL CHECK (seen >= 0),
    counted double precision CHECK (counted >= 0),
    PRIMARY KEY (session, direction, starts_at),
    FOREIGN KEY (session, direction) REFERENCES count_tally ON DELETE CASCADE
);

COMMENT ON TABLE count_session IS 'People counted by hand beside a counter, from one moment to another';
COMMENT ON COLUMN count_session.id IS 'Made by the phone or in the form: the same session again is the same row';
COMMENT ON COLUMN count_session.counted_by IS 'The login of the staff pages, or the account that ran the command';
COMMENT ON TABLE count_tally IS 'How many were seen in one direction, and what the counter counted meanwhile';
COMMENT ON COLUMN count_tally.direction IS 'in, out, or both together where the counter cannot tell';
COMMENT ON COLUMN count_tally.counted IS 'By the counter, at its latest comparison; NULL: not known';
COMMENT ON COLUMN count_tally.interpolated IS 'The session began or ended between two reports of the counter';
COMMENT ON TABLE count_slice IS 'The whole quarters of an hour of a session that was counted on a phone';
