-- Since when hours of counters wait to be counted: whoever looks after the system hears when nobody counts them.
ALTER TABLE passes_queue ADD COLUMN noted_at timestamptz NOT NULL DEFAULT now();

COMMENT ON COLUMN passes_queue.noted_at IS 'Since when it waits';
