-- Where devices stood before, and when what they sent could not be used.

-- A device that is taken elsewhere goes on with its datastreams; what it measured until then belongs to the place where
-- it stood. Only earlier places are here: the present one, in device, holds since the newest «until». Few devices ever
-- move, so the table is small. The slug of the trail is that of the topics the device once used.
CREATE TABLE device_stay (
    device text NOT NULL REFERENCES device ON DELETE CASCADE,
    trail text NOT NULL,
    station text REFERENCES station ON DELETE SET NULL,  -- NULL: beside the trail
    until timestamptz NOT NULL,
    PRIMARY KEY (device, until)
);

-- The receipt of the newest telemetry of which nothing at all could be stored.
ALTER TABLE device_state ADD COLUMN unusable_at timestamptz;
