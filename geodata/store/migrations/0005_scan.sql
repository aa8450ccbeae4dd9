-- Page requests of stations. There is no column for anything that could tell one visitor from another.

CREATE TABLE scan_hour (
    station text NOT NULL REFERENCES station,
    hour timestamptz NOT NULL,
    variant text NOT NULL,
    entry text NOT NULL CHECK (entry IN ('sign', 'nfc', 'link')),
    count integer NOT NULL CHECK (count > 0),
    PRIMARY KEY (station, hour, variant, entry)
);
