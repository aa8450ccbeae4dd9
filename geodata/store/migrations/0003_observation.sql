-- The time series: raw observations, their hourly rollup and the latest of each series.
-- TimescaleDB, where it is present, is another layout of the same table: hypertable instead of monthly partitions.

DO $$
DECLARE
    timescale boolean := EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb');
BEGIN
    -- Column order and widths make a row 48 bytes. No foreign key on datastream: it would cost a look-up per row,
    -- and a datastream is never deleted.
    EXECUTE 'CREATE TABLE observation (
        phenomenon_time timestamptz NOT NULL,
        result double precision CHECK (result BETWEEN -1e308 AND 1e308),
        datastream integer NOT NULL,
        quality smallint NOT NULL CHECK (quality BETWEEN 0 AND 2),
        flags smallint NOT NULL,
        PRIMARY KEY (datastream, phenomenon_time),
        CHECK ((result IS NULL) = (quality = 2))
    )' || CASE WHEN timescale THEN '' ELSE ' PARTITION BY RANGE (phenomenon_time)' END;
    IF timescale THEN
        PERFORM create_hypertable('observation', 'phenomenon_time',
            chunk_time_interval => INTERVAL '7 days', create_default_indexes => false);
    END IF;
END $$;

-- The months between two instants get their partitions; nothing to do on TimescaleDB. Runs with the owner's
-- rights, so that the gateway needs none to create tables.
CREATE FUNCTION ensure_observation_partitions(first timestamptz, last timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month timestamp := date_trunc('month', first AT TIME ZONE 'UTC');
    name text;
    created integer := 0;
BEGIN
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

-- Sums are exact decimals: floating-point sums would depend on the order of arrival.
CREATE TABLE rollup_hour (
    datastream integer NOT NULL,
    hour timestamptz NOT NULL,
    count integer NOT NULL,     -- results of quality ok; only these go into the columns below
    sum numeric NOT NULL,
    minimum double precision,
    maximum double precision,
    first_time timestamptz,
    first_result double precision,
    last_time timestamptz,
    last_result double precision,
    suspect integer NOT NULL,
    missing integer NOT NULL,
    PRIMARY KEY (datastream, hour)
) WITH (fillfactor = 85);

CREATE TABLE latest (
    datastream integer PRIMARY KEY REFERENCES datastream,
    phenomenon_time timestamptz NOT NULL,
    result double precision,
    quality smallint NOT NULL,
    flags smallint NOT NULL
) WITH (fillfactor = 50);
