-- What a browser shows instead of a key: an operator's or customer's console by a cookie, a customer's portal by a token.
CREATE TABLE sessions (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('console', 'portal')),
  code_hash bytea UNIQUE, -- of the one-time code that begins it; null once it was used
  code_expires_at timestamptz,
  token_hash bytea UNIQUE, -- of what the browser shows; null until it has begun
  key_id text REFERENCES api_keys (id), -- the key that it stands for
  admin_key_hash bytea, -- or the operator's key of the settings
  customer_id text, -- of a portal: whose it is
  scopes text[], -- of a portal: what it allows
  look jsonb, -- of a portal: name, logo and theme
  opened_by text, -- of a portal: the key that made the link
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz, -- exact to a minute
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_kind ON sessions (kind, id);
CREATE INDEX sessions_by_key ON sessions (key_id) WHERE key_id IS NOT NULL;
