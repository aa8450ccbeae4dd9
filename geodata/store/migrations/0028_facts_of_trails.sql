-- What people ask before they set out and when they need help: places beside a trail, what the ground is like stretch
-- by stretch, and which way round one walks. What nobody has said is NULL: pages say so and never guess.

ALTER TABLE trail
    ADD COLUMN direction text CHECK (direction IN ('clockwise', 'anticlockwise', 'one_way', 'either'));

COMMENT ON COLUMN trail.direction IS
    'Which way the signs lead: clockwise, anticlockwise, one_way (as the line is drawn) or either; NULL: not said';

CREATE TABLE trail_place (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('toilet', 'bench', 'bus_stop', 'parking', 'rescue_point', 'road_access',
        'shelter', 'drinking_water', 'food')),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    name text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    wheelchair text CHECK (wheelchair IN ('yes', 'limited', 'no')),
    along_m double precision NOT NULL CHECK (along_m >= 0),
    off_m double precision NOT NULL CHECK (off_m >= 0)
);
CREATE INDEX trail_place_trail ON trail_place (trail);
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON trail_place
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

COMMENT ON TABLE trail_place IS 'A place at a trail that people look for: toilet, bus stop, rescue point and others';
COMMENT ON COLUMN trail_place.name IS 'German; of a rescue point what is read out to 112, of a bus stop what its sign says';
COMMENT ON COLUMN trail_place.note IS 'Plain German text, one line';
COMMENT ON COLUMN trail_place.wheelchair IS 'Whether people in a wheelchair can use it; NULL: nobody has said';
COMMENT ON COLUMN trail_place.along_m IS 'Metres along the line from its start to the point of it that is nearest';
COMMENT ON COLUMN trail_place.off_m IS 'Metres from that point to the place';

CREATE TABLE trail_section (
    trail text NOT NULL REFERENCES trail ON DELETE CASCADE,
    from_m double precision NOT NULL CHECK (from_m >= 0),
    to_m double precision NOT NULL CHECK (to_m > from_m),
    surface text CHECK (surface IN ('asphalt', 'paving', 'fine_gravel', 'gravel', 'earth', 'grass', 'sand',
        'roots_and_rocks', 'boardwalk', 'stairs')),
    steps integer CHECK (steps >= 0),
    wheelchair text CHECK (wheelchair IN ('yes', 'limited', 'no')),
    pram text CHECK (pram IN ('yes', 'limited', 'no')),
    width_cm integer CHECK (width_cm > 0),
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (trail, from_m)
);
CREATE TRIGGER catalogue_changed AFTER INSERT OR UPDATE OR DELETE ON trail_section
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();

COMMENT ON TABLE trail_section IS 'A stretch of a trail and what the ground is like; stretches of a trail do not overlap';
COMMENT ON COLUMN trail_section.from_m IS 'Metres along the line from its start';
COMMENT ON COLUMN trail_section.steps IS 'Single steps of stairs in it, 0 where there are none; NULL: nobody has counted';
COMMENT ON COLUMN trail_section.width_cm IS 'The narrowest place; NULL: nobody has measured';
COMMENT ON COLUMN trail_section.note IS 'Plain German text, one line';
