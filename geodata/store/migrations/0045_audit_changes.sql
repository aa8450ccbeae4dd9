-- What a change was before and became, and in which municipality: an admin of one town reads the log of that town.

ALTER TABLE audit
    ADD COLUMN was text NOT NULL DEFAULT '' CHECK (length(was) <= 2000),
    ADD COLUMN became text NOT NULL DEFAULT '' CHECK (length(became) <= 2000),
    ADD COLUMN municipality text CHECK (length(municipality) <= 100);  -- kept when the municipality goes

COMMENT ON COLUMN audit.was IS 'What it was, in words or as text; empty where there was nothing, or nobody needs it';
COMMENT ON COLUMN audit.became IS 'What it became';
COMMENT ON COLUMN audit.municipality IS 'Whose it was; NULL: of the installation, or written by an earlier release';

DROP FUNCTION audit_done(text, text, text);
CREATE FUNCTION audit_done(who text, what text, which text, before text, after text, town text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit (origin, actor, action, object, outcome, was, became, municipality)
    VALUES ('staff-pages', who, what, which, 'done', before, after, town);
$$;
