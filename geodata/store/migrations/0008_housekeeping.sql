-- Replay of the quarantine; retention, which deletes with the owner's rights and never beyond what is told.

-- In whose books an entry stands and how often it was delivered: a replay takes exactly that out again.
ALTER TABLE quarantine
    ADD COLUMN partition text NOT NULL DEFAULT '',
    ADD COLUMN deliveries integer NOT NULL DEFAULT 1 CHECK (deliveries > 0);
UPDATE quarantine SET partition = busiest.partition
FROM (SELECT partition FROM ingest_counter ORDER BY quarantined DESC LIMIT 1) AS busiest;

CREATE INDEX ingest_minute_age ON ingest_minute (minute);
CREATE INDEX receipt_time_age ON receipt_time (phenomenon_time);

-- Raw observations before this time were deleted. A repetition of one could not be told from a new one any more and
-- would count twice in its hour: so nothing older is taken, also after the retention was made longer.
CREATE TABLE observation_horizon (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    before timestamptz NOT NULL
);

-- As before; and a reading that waited while its time was deleted does not bring the time back.
CREATE OR REPLACE FUNCTION ensure_observation_partitions(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month timestamp := date_trunc('month', first AT TIME ZONE 'UTC');
    name text;
    created integer := 0;
BEGIN
    IF first < (SELECT before FROM observation_horizon) THEN
        RAISE EXCEPTION 'Observations of % are older than what is kept.', first
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE oid = 'observation'::regclass AND relkind <> 'p') THEN
        RETURN 0;
    END IF;
    IF month < timestamp '2020-01-01' OR last > now() + interval '10 years' THEN
        RAISE EXCEPTION 'No partitions for % to %: times lie between 2020 and ten years ahead.', first, last
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    WHILE month <= last AT TIME ZONE 'UTC' LOOP
        name := 'observation_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext(name));
            IF to_regclass(name) IS NULL THEN
                -- Attaching takes a weaker lock than creating in place: readers and writers go on.
                EXECUTE format('CREATE TABLE %I (LIKE observation INCLUDING ALL)', name);
                EXECUTE format('ALTER TABLE observation ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                    name, month AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
                created := created + 1;
            END IF;
        END IF;
        month := month + interval '1 month';
    END LOOP;
    RETURN created;
END $$;

-- Whoever may call the functions below may not delete the last month with them, whatever time is given.
CREATE FUNCTION refuse_young(before timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF before > now() - interval '30 days' THEN
        RAISE EXCEPTION 'Nothing younger than 30 days is deleted, asked for everything before %.', before
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
END $$;

-- Drops the oldest month, or chunk, that lies wholly before the time, and returns its end; NULL when there is none.
CREATE FUNCTION drop_oldest_observations(before timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    oldest record;
BEGIN
    PERFORM refuse_young(before);
    IF EXISTS (SELECT FROM pg_class WHERE oid = 'observation'::regclass AND relkind = 'p') THEN
        SELECT child.oid::regclass AS name,
            (substring(pg_get_expr(child.relpartbound, child.oid) FROM 'TO \(''([^'']+)''\)'))::timestamptz AS ends
        INTO oldest
        FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
        WHERE inhparent = 'observation'::regclass ORDER BY ends LIMIT 1;
        IF oldest.ends IS NULL OR oldest.ends > before THEN
            RETURN NULL;
        END IF;
        EXECUTE format('DROP TABLE %s', oldest.name);
    ELSE
        SELECT range_end AS ends INTO oldest FROM timescaledb_information.chunks
        WHERE hypertable_schema = 'public' AND hypertable_name = 'observation' ORDER BY range_end LIMIT 1;
        IF oldest.ends IS NULL OR oldest.ends > before THEN
            RETURN NULL;
        END IF;
        PERFORM drop_chunks('observation', older_than => oldest.ends);
    END IF;
    INSERT INTO observation_horizon AS old (before) VALUES (oldest.ends)
        ON CONFLICT (only_row) DO UPDATE SET before = greatest(old.before, excluded.before);
    PERFORM pg_notify('digitalpfad_catalogue', 'observation_horizon');
    RETURN oldest.ends;
END $$;

-- Deletes at most so many hours before the time and returns how many; 0 when none are left.
CREATE FUNCTION delete_rollups(before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted bigint;
BEGIN
    PERFORM refuse_young(before);
    DELETE FROM rollup_hour WHERE ctid = ANY (ARRAY(SELECT ctid FROM rollup_hour WHERE hour < before LIMIT most));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;

-- TimescaleDB's own jobs: columns after some days, and the deletion also while no gateway runs. 0 days: never.
-- Returns whether anything was changed; does nothing elsewhere, nor with the edition that lacks columns.
CREATE FUNCTION set_observation_policies(column_days integer, keep_days integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    column_after interval;
    drop_after interval;
BEGIN
    IF current_setting('timescaledb.license', true) IS DISTINCT FROM 'timescale'
        OR EXISTS (SELECT FROM pg_class WHERE oid = 'observation'::regclass AND relkind = 'p') THEN
        RETURN false;
    END IF;
    SELECT max((config->>'compress_after')::interval), max((config->>'drop_after')::interval)
    INTO column_after, drop_after
    FROM timescaledb_information.jobs WHERE hypertable_schema = 'public' AND hypertable_name = 'observation';
    IF (coalesce(column_after, interval '0'), coalesce(drop_after, interval '0'))
        = (make_interval(days => column_days), make_interval(days => keep_days)) THEN
        RETURN false;
    END IF;
    CALL remove_columnstore_policy('observation', if_exists => true);
    IF column_days > 0 THEN
        ALTER TABLE observation SET (timescaledb.enable_columnstore, timescaledb.segmentby = 'datastream',
            timescaledb.orderby = 'phenomenon_time');
        CALL add_columnstore_policy('observation', after => make_interval(days => column_days));
    END IF;
    PERFORM remove_retention_policy('observation', if_exists => true);
    IF keep_days > 0 THEN
        PERFORM add_retention_policy('observation', drop_after => make_interval(days => keep_days));
    END IF;
    RETURN true;
END $$;
