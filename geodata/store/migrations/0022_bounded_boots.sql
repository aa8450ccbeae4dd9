-- Of a device the starts heard last are remembered, up to a bound: one that draws a new name for each message would
-- fill the table otherwise. So many were forgotten, with what their sequence numbers told.
ALTER TABLE device_state ADD COLUMN boots_forgotten bigint NOT NULL DEFAULT 0;
