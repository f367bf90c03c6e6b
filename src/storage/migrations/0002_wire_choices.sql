-- What goes out to an endpoint: {payload, webhookId, signatures}; null is Posthorn's own format.
ALTER TABLE endpoints ADD COLUMN wire jsonb;

-- `ciphertext` seals the secret together with the Ed25519 key that lives as long; this is that key's public half. Secrets of
-- before have none: their endpoints are made anew.
ALTER TABLE endpoint_secrets ADD COLUMN public_key text NOT NULL DEFAULT '';
ALTER TABLE endpoint_secrets ALTER COLUMN public_key DROP DEFAULT;

-- When it occurred, where the producer says so; else it is as old as its acceptance.
ALTER TABLE events ADD COLUMN occurred_at timestamptz;
