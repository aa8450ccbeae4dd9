-- A generated password is good for a week: a note that nobody used opens nothing a year later.

ALTER TABLE staff ADD COLUMN password_set_at timestamptz NOT NULL DEFAULT now();
