-- When scans were counted at all: nobody scans at night, and a web process that does not run counts nobody either. Each
-- process sets the minutes in which it ran, so that several at once are no more than one. Before this was written down,
-- the hours since the first scan are taken for counted throughout: nothing tells otherwise.
CREATE TABLE scan_uptime (
    hour timestamptz PRIMARY KEY,
    minutes bit(60) NOT NULL
);
INSERT INTO scan_uptime SELECT hour, repeat('1', 60)::bit(60) FROM generate_series(
    (SELECT min(hour) FROM scan_hour), date_trunc('hour', now(), 'UTC') - interval '1 hour', interval '1 hour') AS hour;

COMMENT ON TABLE scan_uptime IS 'The hours in which a web process counted scans; no row where none ran';
COMMENT ON COLUMN scan_uptime.minutes IS 'One bit for each minute of the hour, the first on the left: whether one ran in it';

-- Of a station that was there before this, nobody knows since when.
ALTER TABLE station ADD COLUMN made_at timestamptz;
ALTER TABLE station ALTER COLUMN made_at SET DEFAULT now();
COMMENT ON COLUMN station.made_at IS 'Since when there is something to scan; unknown for the oldest, always then';
