-- An audience is about pages: the public interface gives every series, as it always did.

COMMENT ON COLUMN observed_property.audience IS
    'On whose pages: hikers: those of stations; staff: of staff alone; technical: of staff, it speaks of the device itself. The public API gives all of them';
COMMENT ON TABLE trail_audience IS 'On whose pages an observed property stands on one trail, where that is not on whose it stands elsewhere';
