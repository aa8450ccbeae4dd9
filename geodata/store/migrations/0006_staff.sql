-- Staff accounts and their sessions.

CREATE TABLE staff (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name = lower(btrim(name)) AND length(name) BETWEEN 1 AND 100),
    role text NOT NULL CHECK (role IN ('viewer', 'editor', 'ranger', 'admin')),
    argon2 text NOT NULL,
    one_time boolean NOT NULL DEFAULT true,  -- a generated password; must be replaced at the first login
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    UNIQUE (name)
);

CREATE TABLE staff_session (
    token_digest bytea PRIMARY KEY,  -- SHA-256 of the cookie's random token: the table alone opens no session
    staff integer NOT NULL REFERENCES staff ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX staff_session_staff ON staff_session (staff);
