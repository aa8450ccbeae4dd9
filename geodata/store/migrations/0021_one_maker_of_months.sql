-- Two makers of months at once. Of the same month: after the wait for the other one's lock the name was looked up in a
-- cache that does not hear of it, and the month made a second time, which failed. Of two months: one lock for all instead
-- of one for each, for who had made one waited with its lock for the maker of another (attaching a partition locks the
-- parent to the end of the transaction), who then waited for that month: a deadlock. As before otherwise.
CREATE OR REPLACE FUNCTION ensure_observation_partitions(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
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
            PERFORM pg_advisory_xact_lock(hashtext('digitalpfad'), hashtext('observation partitions'));
            -- A query sees what was committed meanwhile.
            IF NOT EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace) THEN
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
