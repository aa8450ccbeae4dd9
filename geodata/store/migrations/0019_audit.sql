-- Who signed in, failed to, and changed what: rows that the services can add and nobody but the owner can change.
-- No address, no password, no browser: there is no column for them, and texts are single lines of bounded length.

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),  -- of a sum: the latest of them
    origin text NOT NULL CHECK (origin IN ('staff-pages', 'command-line')),
    actor text NOT NULL CHECK (length(actor) <= 200 AND actor !~ '[[:cntrl:]]'),  -- empty: a name that nobody has
    action text NOT NULL CHECK (action ~ '^[a-z]{1,30}(-[a-z]{1,30}){0,5}$'),
    object text NOT NULL DEFAULT '' CHECK (length(object) <= 200 AND object !~ '[[:cntrl:]]'),
    outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
    count integer NOT NULL DEFAULT 1 CHECK (count > 0),
    hour timestamptz CHECK ((hour IS NOT NULL) = (outcome = 'refused'))  -- refusals are summed by the hour
);
CREATE INDEX audit_last_at ON audit (last_at);
CREATE UNIQUE INDEX audit_sum ON audit (actor, action, object, hour) WHERE hour IS NOT NULL;

-- What somebody who is signed in did. The web service can neither set a time nor pass for the command line.
CREATE FUNCTION audit_done(who text, what text, which text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit (origin, actor, action, object, outcome) VALUES ('staff-pages', who, what, which, 'done');
$$;

-- What was refused, as one row per person, action, object and hour; all names that nobody has are one person: however
-- fast somebody fails, the rows stay few.
CREATE FUNCTION audit_refused(who text, what text, which text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit AS old (origin, actor, action, object, outcome, hour)
    VALUES ('staff-pages', coalesce((SELECT name FROM staff WHERE name = who), ''), what, which, 'refused',
        date_trunc('hour', now(), 'UTC'))
    ON CONFLICT (actor, action, object, hour) WHERE hour IS NOT NULL
        DO UPDATE SET count = old.count + 1, last_at = greatest(old.last_at, excluded.last_at);
$$;

-- Deletes at most so many of the oldest rows: those before the time, and those beyond 100 000. Returns how many.
CREATE FUNCTION delete_audit(before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted bigint;
BEGIN
    PERFORM refuse_young(before);
    DELETE FROM audit WHERE id = ANY (ARRAY(
        SELECT id FROM audit WHERE last_at < before
            OR id <= (SELECT id FROM audit ORDER BY id DESC OFFSET 100000 LIMIT 1)
        ORDER BY id LIMIT most));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;
