-- What each table holds, and what a column is of which the name alone does not say it: for whoever opens the database
-- with psql (\d+) or another tool, and for docs/database.md, which is made from this. A new table brings its own.

COMMENT ON TABLE municipality IS 'A town that runs trails: its time zone decides where a day begins';
COMMENT ON COLUMN municipality.operator IS 'Lines of the legal pages by their names; one that is not there is not set';

COMMENT ON TABLE trail IS 'A route in walking direction, with the licence of its line and whether it is shown';
COMMENT ON COLUMN trail.line IS 'WKB LineString: lon lat, where known height; CRS84, in walking direction';
COMMENT ON COLUMN trail.surveyed IS 'false: the line or its stations are invented';
COMMENT ON COLUMN trail.state IS 'shown: as usual; hidden: in no list; retired: given up, its codes say what stood there';

COMMENT ON TABLE trail_content IS 'Published text of a trail, one row for each variant';
COMMENT ON COLUMN trail_content.variant IS 'Language or voice: de, en, de_simple, children';

COMMENT ON TABLE station IS 'A numbered stop on a trail with its permanent code: retired, never deleted';
COMMENT ON COLUMN station.code IS 'The permanent address printed on the sign: six characters, the last a check character';
COMMENT ON COLUMN station.height IS 'Metres above sea level';
COMMENT ON COLUMN station.along_m IS 'Metres from the beginning of the trail, along its line';

COMMENT ON TABLE station_content IS 'Published text of a station, one row for each variant and season';
COMMENT ON COLUMN station_content.variant IS 'Language or voice: de, en, de_simple, children';
COMMENT ON COLUMN station_content.season IS 'Name of a text that has its turn on some days of the year; empty: always';
COMMENT ON COLUMN station_content.show_from IS 'First day of the season, month-day, in the municipality''s time zone';
COMMENT ON COLUMN station_content.show_until IS 'Last day of the season, month-day';
COMMENT ON COLUMN station_content.media IS 'Which pictures, recording and film it shows, with their texts';

COMMENT ON TABLE content_version IS 'Every text of a station or a trail as it was saved, numbered; drafts too';
COMMENT ON COLUMN content_version.content IS 'All of the text; NULL: from this version on there is none';
COMMENT ON COLUMN content_version.published_at IS 'NULL: a draft. The published one with the highest number is shown';

COMMENT ON TABLE removed_code IS 'Codes of stations of removed trails: each goes on answering, and is given to no other station';
COMMENT ON COLUMN removed_code.trail IS 'Short name of the trail that was removed; another one may have it by now';

COMMENT ON TABLE media IS 'A picture, recording or film in sign language';
COMMENT ON COLUMN media.id IS 'Half of the SHA-256 of the file as it came';
COMMENT ON COLUMN media.seconds IS 'How long it plays; NULL for a picture';

COMMENT ON TABLE media_rendition IS 'One form in which a picture, recording or film is served: the bytes themselves';
COMMENT ON COLUMN media_rendition.name IS 'Last part of its address: 960.avif, audio.mp3';
COMMENT ON COLUMN media_rendition.size IS 'Bytes';

COMMENT ON TABLE closure IS 'A dated closed stretch, area or whole trail';
COMMENT ON COLUMN closure.from_m IS 'Metres along the trail, forward across the start on a loop';
COMMENT ON COLUMN closure.area IS 'WKB Polygon or MultiPolygon, CRS84; without stretch and area the whole trail is closed';
COMMENT ON COLUMN closure.season_from IS 'First day of each year, month-day, in the municipality''s time zone';
COMMENT ON COLUMN closure.season_to IS 'Last day of each year, month-day';
COMMENT ON COLUMN closure.valid_until IS 'NULL: the end is open';

COMMENT ON TABLE closure_content IS 'Why it is closed and the way around, one row for each variant';

COMMENT ON TABLE notice_rule IS 'From which measured values on hikers are told what the way is like';
COMMENT ON COLUMN notice_rule.station IS 'NULL: all stations of the trail';
COMMENT ON COLUMN notice_rule.below IS 'From the thresholds downwards instead of upwards';
COMMENT ON COLUMN notice_rule.hysteresis IS 'How far beyond the threshold a value must go back before the level is left, in its unit';
COMMENT ON COLUMN notice_rule.hold_s IS 'Seconds for which a level stays after it was last reached';
COMMENT ON COLUMN notice_rule.expires_s IS 'Seconds for which a warning outlives the last good value';

COMMENT ON TABLE notice_text IS 'What hikers read at each level of a notice, one row for each variant';

COMMENT ON TABLE notice_override IS 'A level set by a person against what the sensor says; the newest of a rule counts';
COMMENT ON COLUMN notice_override.level IS '0 none, 1 caution, 2 warning';

COMMENT ON TABLE notice_log IS 'Each change of a notice that hikers were told, once';
COMMENT ON COLUMN notice_log.level IS '0 none, 1 caution, 2 warning';

COMMENT ON TABLE device IS 'A box with electronics and an MQTT identity, at a station or beside the trail';
COMMENT ON COLUMN device.station IS 'NULL: beside the trail, at lon and lat';
COMMENT ON COLUMN device.interval_s IS 'Seconds between its reports, where it does not say so itself';
COMMENT ON COLUMN device.revoked_at IS 'Since when it may not report any more';

COMMENT ON TABLE device_stay IS 'Places where a device stood before it was moved, and until when';
COMMENT ON COLUMN device_stay.station IS 'NULL: beside the trail';
COMMENT ON COLUMN device_stay.trail IS 'Short name in the topics that the device used then';

COMMENT ON TABLE device_state IS 'What a device last said of itself, and when it was last heard';
COMMENT ON COLUMN device_state.interval_s IS 'Seconds between its reports, as it says itself';
COMMENT ON COLUMN device_state.unusable_at IS 'Receipt of the newest telemetry of which nothing could be stored';
COMMENT ON COLUMN device_state.status_at IS 'Receipt of the newest status';
COMMENT ON COLUMN device_state.boots_forgotten IS 'Starts of which nothing is remembered any more';

COMMENT ON TABLE device_boot IS 'Which sequence numbers of each start of a device are committed';
COMMENT ON COLUMN device_boot.seqs IS 'Committed numbers as ranges: the holes are the readings that are missing';
COMMENT ON COLUMN device_boot.oldest IS 'Below it the device holds nothing any more';
COMMENT ON COLUMN device_boot.given_up IS 'Between these numbers it is not remembered which came';

COMMENT ON TABLE device_credential IS 'Hash of a device''s generated password, for the broker';

COMMENT ON TABLE sensor IS 'An instrument in a device';

COMMENT ON TABLE observed_property IS 'What devices may measure, with its unit and what can occur outdoors';
COMMENT ON COLUMN observed_property.unit IS 'UCUM code';
COMMENT ON COLUMN observed_property.kind IS 'gauge: a momentary value; running_total: only rises; increment: since the last one';
COMMENT ON COLUMN observed_property.minimum IS 'Below it a result is suspect';
COMMENT ON COLUMN observed_property.maximum IS 'Above it a result is suspect';

COMMENT ON TABLE datastream IS 'The series of one observed property of one device';

COMMENT ON TABLE observation IS 'One measured value at one time: monthly partitions, or a hypertable with TimescaleDB';
COMMENT ON COLUMN observation.phenomenon_time IS 'When it was measured';
COMMENT ON COLUMN observation.result IS 'In the unit of its observed property; NULL: the sensor said that it failed';
COMMENT ON COLUMN observation.quality IS '0 ok, 1 suspect, 2 missing';
COMMENT ON COLUMN observation.flags IS 'Bits: 1 time of receipt, 2 out of range, 4 sensor failed';

COMMENT ON TABLE rollup_hour IS 'Hourly sums of a datastream, exact at every moment, kept longer than single values';
COMMENT ON COLUMN rollup_hour.count IS 'Results of quality ok; only these go into sum, minimum, maximum, first and last';
COMMENT ON COLUMN rollup_hour.suspect IS 'Results outside what can occur';
COMMENT ON COLUMN rollup_hour.missing IS 'Times at which the sensor said that it failed';

COMMENT ON TABLE latest IS 'The newest observation of each datastream, by measuring time';
COMMENT ON COLUMN latest.quality IS '0 ok, 1 suspect, 2 missing';
COMMENT ON COLUMN latest.flags IS 'Bits: 1 time of receipt, 2 out of range, 4 sensor failed';

COMMENT ON TABLE receipt_time IS 'When a reading of a device without a clock first came, so that a repetition changes nothing';

COMMENT ON TABLE observation_horizon IS 'One row: observations before this time were deleted, and none older is taken';

COMMENT ON TABLE quarantine IS 'Messages of which something could not be stored, as the bytes that came, with the reasons';
COMMENT ON COLUMN quarantine.device IS 'As the topic says; it may not be registered';
COMMENT ON COLUMN quarantine.partition IS 'In whose ingest counters it stands: a trail, or empty for all';
COMMENT ON COLUMN quarantine.deliveries IS 'How often the same message was delivered';
COMMENT ON COLUMN quarantine.kept IS 'whole, redacted (an address was taken out), cut (too large), rewritten (older releases)';
COMMENT ON COLUMN quarantine.size IS 'Bytes of the message';
COMMENT ON COLUMN quarantine.refusals IS 'Reason, detail and where, of the first 32 refused parts';
COMMENT ON COLUMN quarantine.reasons IS 'Of all refused parts, each once';
COMMENT ON COLUMN quarantine.received_parts IS 'Refused or not, over all deliveries';

COMMENT ON TABLE ingest_counter IS 'Parts of messages by what became of them: received = stored + duplicates + quarantined';
COMMENT ON COLUMN ingest_counter.partition IS 'A trail, or empty for all trails';

COMMENT ON TABLE ingest_minute IS 'Messages by the minute of their receipt';
COMMENT ON COLUMN ingest_minute.partition IS 'A trail, or empty for all trails';

COMMENT ON TABLE broker_session IS 'Client ids under which brokers keep messages for gateways, noted before they begin';
COMMENT ON COLUMN broker_session.broker IS 'host:port';
COMMENT ON COLUMN broker_session.partition IS 'A trail, or empty for all trails';

COMMENT ON TABLE scan_hour IS 'Page requests of a station by the hour; nothing in it tells one visitor from another';
COMMENT ON COLUMN scan_hour.entry IS 'How it came: from the sign, by NFC, by a link';

COMMENT ON TABLE staff IS 'People with a login';
COMMENT ON COLUMN staff.one_time IS 'A generated password, to be replaced at the first login';

COMMENT ON TABLE staff_session IS 'Logins that are open, or were';
COMMENT ON COLUMN staff_session.token_digest IS 'SHA-256 of the cookie''s token: the table alone opens no session';

COMMENT ON TABLE audit IS 'Who signed in, failed to, and changed what; only the owner can change a row';
COMMENT ON COLUMN audit.last_at IS 'Of a sum: the latest of them';
COMMENT ON COLUMN audit.actor IS 'Empty: a name that nobody has';
COMMENT ON COLUMN audit.hour IS 'Refusals are summed by the hour; NULL for what was done';

COMMENT ON TABLE schema_migration IS 'Migrations that were applied, with the checksum that each had';

-- Functions that work with the owner's rights: what the services may do beyond the rights of their roles.
COMMENT ON FUNCTION ensure_observation_partitions(timestamptz, timestamptz) IS
    'Makes the partitions of the months between two times and returns how many; 0 with TimescaleDB';
COMMENT ON FUNCTION drop_oldest_observations(timestamptz) IS
    'Deletes the oldest month, or chunk, of observations that lies wholly before the time, and returns its end';
COMMENT ON FUNCTION delete_rollups(timestamptz, integer) IS
    'Deletes at most so many hourly sums before the time and returns how many';
COMMENT ON FUNCTION delete_audit(timestamptz, integer) IS
    'Deletes at most so many rows of the audit log, before the time or beyond the newest 100 000';
COMMENT ON FUNCTION set_observation_policies(integer, integer) IS
    'With TimescaleDB: days after which observations go into columns, 0 for never';
COMMENT ON FUNCTION audit_done(text, text, text) IS 'Writes down what somebody who is signed in did';
COMMENT ON FUNCTION audit_refused(text, text, text) IS
    'Counts what was refused, in one row for each person, action, object and hour';
