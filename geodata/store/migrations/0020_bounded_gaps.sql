-- Gaps in the sequence numbers of one start are remembered one by one up to a bound: with ever so many of them each
-- flush would write them all again.

-- Between these numbers it is not remembered any more which came and which did not, and so many gaps there were. What
-- is confirmed to a device never goes beyond the first of them by that: nothing is taken for received that was not.
ALTER TABLE device_boot
    ADD COLUMN given_up int8range NOT NULL DEFAULT 'empty',
    ADD COLUMN gaps_given_up bigint NOT NULL DEFAULT 0;

-- Forgets the lowest stretches but the one up to which all is complete, from which a device goes on.
CREATE FUNCTION give_up_gaps() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stretches int8range[] := ARRAY(SELECT stretch FROM unnest(NEW.seqs) AS u (stretch) ORDER BY stretch);
    settled bigint := confirmed_seq(NEW.seqs, NEW.oldest);
    known CONSTANT integer := 32;
    first integer := cardinality(stretches) - known + 1;
BEGIN
    IF first <= 2 THEN
        RETURN NEW;
    END IF;
    NEW.seqs := range_agg(stretch) FROM unnest(stretches) WITH ORDINALITY AS u (stretch, number)
        WHERE number >= first OR upper(stretch) - 1 = settled;
    NEW.given_up := range_merge(NEW.given_up, int8range(lower(stretches[1]), lower(stretches[first])));
    NEW.gaps_given_up := NEW.gaps_given_up + first - 1;
    RETURN NEW;
END $$;

-- An ordinary row, of a few gaps, never gets there.
CREATE TRIGGER give_up_gaps BEFORE UPDATE ON device_boot FOR EACH ROW
    WHEN (pg_column_size(NEW.seqs) > 1500) EXECUTE FUNCTION give_up_gaps();
