-- Endpoints whose deliveries go to whoever listens: who does, and until when they are kept.
CREATE TABLE listeners (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id) ON DELETE CASCADE,
  stream text, -- the stream that has it; null while nobody listens
  heard_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX listeners_by_end ON listeners (expires_at);

-- Signed requests on their way to whoever listens, and the answers on their way back; gone once an attempt is over.
CREATE TABLE relays (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES listeners (endpoint_id) ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'answered')),
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  timeout_ms integer NOT NULL,
  answer jsonb,
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX relays_waiting ON relays (endpoint_id, made_at) WHERE state = 'waiting';
CREATE INDEX relays_by_age ON relays (made_at);
