-- Who reads an observed property, and what comes before it on a page: in its row, for those of an operator too.

ALTER TABLE observed_property
    ADD COLUMN audience text NOT NULL DEFAULT 'hikers' CHECK (audience IN ('hikers', 'staff', 'technical')),
    ADD COLUMN rank smallint NOT NULL DEFAULT 1000 CHECK (rank >= 0),
    ADD COLUMN staff_rank smallint NOT NULL DEFAULT 1000 CHECK (staff_rank >= 0),
    ADD COLUMN counts_things boolean NOT NULL DEFAULT false;

-- What is there already is read by whom it was read before.
UPDATE observed_property SET audience = 'staff'
    WHERE kind = 'running_total' OR (kind = 'increment' AND (unit IN ('', '1') OR starts_with(unit, '{')));
UPDATE observed_property SET audience = 'technical' WHERE id IN ('battery_voltage', 'battery_level', 'rssi', 'snr');
UPDATE observed_property SET counts_things = true WHERE id = 'beacon_adverts';
UPDATE observed_property SET rank = ranked.rank
    FROM (VALUES ('surface_wetness', 10), ('wind_gust', 20), ('water_level', 30), ('air_temperature', 40), ('rain', 50),
        ('soil_moisture', 60), ('air_humidity', 70), ('soil_temperature', 80), ('sound_level', 90), ('illuminance', 100),
        ('air_pressure', 110)) AS ranked (id, rank)
    WHERE observed_property.id = ranked.id;
UPDATE observed_property SET staff_rank = ranked.rank
    FROM (VALUES ('passes_in_total', 10), ('surface_wetness', 20), ('water_level', 30), ('soil_moisture', 40),
        ('air_temperature', 50)) AS ranked (id, rank)
    WHERE observed_property.id = ranked.id;

COMMENT ON COLUMN observed_property.audience IS
    'hikers: on the pages of stations; staff: for staff alone; technical: for staff, it speaks of the device itself';
COMMENT ON COLUMN observed_property.rank IS 'The lowest comes first on the pages of stations; 1000: after all others';
COMMENT ON COLUMN observed_property.staff_rank IS 'Of a device''s properties staff see the lowest as its value';
COMMENT ON COLUMN observed_property.counts_things IS 'A count, and not of people: it is no matter of data protection';

CREATE TABLE trail_audience (
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    observed_property text NOT NULL REFERENCES observed_property ON DELETE CASCADE,
    audience text NOT NULL CHECK (audience IN ('hikers', 'staff')),
    PRIMARY KEY (trail, observed_property)
);

CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON trail_audience
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

COMMENT ON TABLE trail_audience IS 'Who reads an observed property on one trail, where that is not who reads it elsewhere';
