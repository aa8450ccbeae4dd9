-- The interval between two reports as devices said it over time: what a counter counted a year ago is counted anew by the
-- interval of then. The first that a device said holds before it too; at most one row an hour, however often it changes.
CREATE TABLE device_interval (
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    since timestamptz NOT NULL,
    interval_s integer NOT NULL CHECK (interval_s > 0),
    PRIMARY KEY (device, since)
);
INSERT INTO device_interval SELECT device, date_trunc('hour', status_at, 'UTC'), interval_s FROM device_state
    WHERE interval_s IS NOT NULL AND status_at IS NOT NULL;

COMMENT ON TABLE device_interval IS 'Seconds between the reports of a device, as it said itself, from which hour on';
COMMENT ON COLUMN device_interval.since IS 'The hour in which it said so; the first row holds before it too';
