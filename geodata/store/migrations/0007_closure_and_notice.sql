-- Closures of trails and stretches, and notices of what the sensors say of the way. Whether they hold at a moment is
-- worked out from these rows and the clock; no job begins or ends anything.

CREATE TABLE closure (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trail text NOT NULL REFERENCES trail,
    from_m double precision,  -- along the trail, forward across the start on a loop
    to_m double precision,
    area bytea,               -- WKB Polygon or MultiPolygon, lon lat, CRS84; without stretch and area: the whole trail
    season_from text CHECK (season_from ~ '^(0[1-9]|1[0-2])-[0-3][0-9]$'),  -- month-day, in the municipality's time zone
    season_to text CHECK (season_to ~ '^(0[1-9]|1[0-2])-[0-3][0-9]$'),
    legal_basis text NOT NULL DEFAULT '',
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,  -- NULL: the end is open
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((from_m IS NULL) = (to_m IS NULL)),
    CHECK (from_m IS NULL OR area IS NULL),
    CHECK ((season_from IS NULL) = (season_to IS NULL)),
    CHECK (valid_until > valid_from)
);

CREATE TABLE closure_content (
    closure integer NOT NULL REFERENCES closure ON DELETE CASCADE,
    variant text NOT NULL,
    reason text NOT NULL,
    detour text NOT NULL DEFAULT '',
    PRIMARY KEY (closure, variant)
);

CREATE TABLE notice_rule (
    id text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    trail text NOT NULL REFERENCES trail,
    station text REFERENCES station,  -- NULL: all stations of the trail
    device text NOT NULL REFERENCES device,
    observed_property text NOT NULL REFERENCES observed_property,
    below boolean NOT NULL DEFAULT false,  -- from the thresholds downwards instead of upwards
    caution double precision,
    warning double precision,
    hysteresis double precision NOT NULL CHECK (hysteresis >= 0),
    hold_s integer NOT NULL DEFAULT 0 CHECK (hold_s >= 0),
    expires_s integer NOT NULL CHECK (expires_s >= 0),
    CHECK (caution IS NOT NULL OR warning IS NOT NULL),
    CHECK (CASE WHEN below THEN warning <= caution ELSE warning >= caution END)
);

CREATE TABLE notice_text (
    rule text NOT NULL REFERENCES notice_rule ON DELETE CASCADE,
    variant text NOT NULL,
    caution text NOT NULL,
    warning text NOT NULL,
    unknown text NOT NULL,
    PRIMARY KEY (rule, variant)
);

-- A person's word against the sensor's. The newest of a rule counts; the rows before it are the record.
CREATE TABLE notice_override (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule text NOT NULL REFERENCES notice_rule ON DELETE CASCADE,
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 2),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    by_whom text NOT NULL,
    CHECK (until >= since)
);
CREATE INDEX notice_override_rule ON notice_override (rule, id DESC);

-- What was told to people, each change once, whichever process saw it first.
CREATE TABLE notice_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule text NOT NULL REFERENCES notice_rule ON DELETE CASCADE,
    at timestamptz NOT NULL,
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 2),
    reason text NOT NULL CHECK (reason IN ('measured', 'silent', 'flagged', 'set')),
    value double precision
);
CREATE INDEX notice_log_rule ON notice_log (rule, id DESC);

CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON closure
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON closure_content
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON notice_rule
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON notice_text
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON notice_override
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
