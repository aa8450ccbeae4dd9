-- How large the database was each day: for how long the disk is enough follows from how it grew.

CREATE TABLE database_size (
    day date PRIMARY KEY,
    bytes bigint NOT NULL CHECK (bytes > 0)
);

COMMENT ON TABLE database_size IS 'How large the database was on a day, for the forecast of its growth';
COMMENT ON COLUMN database_size.day IS 'In UTC';
