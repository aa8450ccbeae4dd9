-- The persistent sessions that gateways hold with brokers, noted before they begin: a broker keeps messages for a session
-- until it ends, and only one that is known can be ended. It is not part of a backup: a copy of this database elsewhere
-- must not end the sessions of the original.

CREATE TABLE broker_session (
    client_id text PRIMARY KEY,
    broker text NOT NULL,  -- host:port
    partition text NOT NULL,  -- the trail of DIGITALPFAD_PARTITION; '' for all trails
    used_at timestamptz NOT NULL DEFAULT now()  -- when the gateway that uses it last said so
);
