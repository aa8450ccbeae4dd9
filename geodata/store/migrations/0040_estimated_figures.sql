-- What a published figure says of its time beside coverage: for which share a counter was silent and told afterwards how
-- many had passed, and whether even that is "at least".
--
-- Both are facts of the device and tell of no count. The share is one of time, never of the count, and a silence in which
-- nobody passed is in it too. "At least" follows from how long a silence was, and from the width and the capacity that
-- somebody wrote down of the counter; where nobody gave the width, 16 bits are guessed until a running total, which is
-- not public and is the sum of years, has gone beyond them. So both stand beside withheld figures as well: a month that is
-- shown could not leave out what its withheld days say.
--
-- 0 and false stand in rows that are there already. No version that publishes figures is released, so that there are none
-- but in trials; `digitalpfad figures revise` records there what is so.
ALTER TABLE published_figure
    ADD COLUMN estimated real NOT NULL DEFAULT 0 CHECK (estimated BETWEEN 0 AND 1),
    ADD COLUMN at_least boolean NOT NULL DEFAULT false,
    ADD CHECK (coverage + estimated <= 1);

COMMENT ON COLUMN published_figure.coverage IS 'For which share of the time the count is known hour by hour';
COMMENT ON COLUMN published_figure.estimated IS
    'For which share of the time counters were silent, and told afterwards how many had passed';
COMMENT ON COLUMN published_figure.at_least IS 'In a silence more may have passed than the counter''s total tells';
