-- Raw observations are deleted by drop_oldest_observations() alone, which writes down what was deleted, and never by
-- whoever may only keep house: neither a time that is unknown nor a short policy deletes what is young.

-- As before, and an unknown time counts as young: a comparison with it would refuse nothing.
CREATE OR REPLACE FUNCTION refuse_young(before timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (before <= now() - interval '30 days') IS NOT TRUE THEN
        RAISE EXCEPTION 'Nothing younger than 30 days is deleted, asked for everything before %.', before
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
END $$;

-- Columns after some days by TimescaleDB's own job; 0 days: never. Its job for deletion would leave the horizon behind,
-- and repetitions of what it deleted would count twice: there is none, and one that is there is removed. keep_days, what
-- older gateways still ask for, is only checked. Returns whether anything was changed; does nothing elsewhere, nor with
-- the edition that lacks columns.
CREATE OR REPLACE FUNCTION set_observation_policies(column_days integer, keep_days integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    column_after interval;
    deletes boolean;
BEGIN
    IF (column_days >= 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'Columns after % days: expected 0 (never) or more.', column_days
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF (keep_days = 0 OR keep_days > 30) IS NOT TRUE THEN
        RAISE EXCEPTION 'Nothing younger than 30 days is deleted, asked to keep % days: expected 0 (for ever) or more.',
            keep_days USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF current_setting('timescaledb.license', true) IS DISTINCT FROM 'timescale'
        OR EXISTS (SELECT FROM pg_class WHERE oid = 'observation'::regclass AND relkind = 'p') THEN
        RETURN false;
    END IF;
    SELECT max((config->>'compress_after')::interval), coalesce(bool_or(config ? 'drop_after'), false)
    INTO column_after, deletes
    FROM timescaledb_information.jobs WHERE hypertable_schema = 'public' AND hypertable_name = 'observation';
    IF NOT deletes AND coalesce(column_after, interval '0') = make_interval(days => column_days) THEN
        RETURN false;
    END IF;
    PERFORM remove_retention_policy('observation'::regclass, if_exists => true);
    CALL remove_columnstore_policy('observation'::regclass, if_exists => true);
    IF column_days > 0 THEN
        ALTER TABLE observation SET (timescaledb.enable_columnstore, timescaledb.segmentby = 'datastream',
            timescaledb.orderby = 'phenomenon_time');
        CALL add_columnstore_policy('observation'::regclass, after => make_interval(days => column_days));
    END IF;
    RETURN true;
END $$;

-- Where TimescaleDB's job was at work, and no later than it can have deleted, the horizon is brought to where hours are
-- known whose observations are gone: no chunk holds them any more, or a repetition has brought back a small part of the
-- oldest chunks.
DO $$
DECLARE
    horizon timestamptz := (SELECT before FROM observation_horizon);
    latest timestamptz;
    chunk record;
    gone boolean;
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE oid = 'observation'::regclass AND relkind = 'p') THEN
        RETURN;
    END IF;
    SELECT now() - greatest(max((config->>'drop_after')::interval), interval '30 days') INTO latest
    FROM timescaledb_information.jobs
    WHERE hypertable_schema = 'public' AND hypertable_name = 'observation' AND config ? 'drop_after'
    HAVING count(*) > 0;
    IF latest IS NULL THEN
        RETURN;
    END IF;
    PERFORM remove_retention_policy('observation'::regclass, if_exists => true);  -- first: it waits for a run under way
    WITH chunks AS MATERIALIZED (
        SELECT range_start, range_end FROM timescaledb_information.chunks
        WHERE hypertable_schema = 'public' AND hypertable_name = 'observation')
    SELECT greatest(horizon, max(hour) + interval '1 hour') INTO horizon
    FROM (SELECT DISTINCT hour FROM rollup_hour WHERE hour < latest) AS hours
    WHERE NOT EXISTS (SELECT FROM chunks WHERE hour >= range_start AND hour < range_end);
    FOR chunk IN
        SELECT range_start, range_end FROM timescaledb_information.chunks
        WHERE hypertable_schema = 'public' AND hypertable_name = 'observation' AND range_end <= latest
        ORDER BY range_end
    LOOP
        CONTINUE WHEN chunk.range_end <= horizon;
        SELECT coalesce(sum(count + suspect + missing), 0) > 2 * (
            SELECT count(*) FROM observation
            WHERE phenomenon_time >= greatest(chunk.range_start, horizon) AND phenomenon_time < chunk.range_end)
        INTO gone FROM rollup_hour
        WHERE hour >= greatest(chunk.range_start, horizon) AND hour < chunk.range_end;
        EXIT WHEN NOT gone;
        horizon := chunk.range_end;
    END LOOP;
    IF horizon IS NOT NULL THEN
        INSERT INTO observation_horizon AS old (before) VALUES (horizon)
            ON CONFLICT (only_row) DO UPDATE SET before = greatest(old.before, excluded.before);
    END IF;
END $$;

-- As before, series by series: before PostgreSQL 18 an index is of no use without its first column, and every call read
-- all hours.
CREATE OR REPLACE FUNCTION delete_rollups(before timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    deleted bigint;
BEGIN
    PERFORM refuse_young(before);
    DELETE FROM rollup_hour WHERE ctid = ANY (ARRAY(
        SELECT old.ctid FROM datastream, LATERAL (
            SELECT ctid FROM rollup_hour WHERE datastream = datastream.id AND hour < before LIMIT most) AS old
        LIMIT most));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;

-- The limits of a month are written and read again as text: not in the way that the caller's session writes times.
ALTER FUNCTION ensure_observation_partitions(timestamptz, timestamptz) SET timezone = 'UTC';
ALTER FUNCTION ensure_observation_partitions(timestamptz, timestamptz) SET datestyle = 'ISO';
ALTER FUNCTION drop_oldest_observations(timestamptz) SET timezone = 'UTC';
ALTER FUNCTION drop_oldest_observations(timestamptz) SET datestyle = 'ISO';

-- Whoever may connect may call a function unless told otherwise, and these work with the owner's rights: roles.py
-- grants them anew to whom they are for.
REVOKE EXECUTE ON FUNCTION ensure_observation_partitions(timestamptz, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION drop_oldest_observations(timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION delete_rollups(timestamptz, integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION set_observation_policies(integer, integer) FROM PUBLIC;
