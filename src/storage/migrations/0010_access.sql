ALTER TABLE api_keys
  ADD COLUMN scopes text[],
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN allowed_cidrs text[] NOT NULL DEFAULT '{}';
--> statement-breakpoint
UPDATE api_keys SET scopes = CASE
  WHEN customer_id IS NULL THEN ARRAY['publish', 'read', 'manage', 'operate']
  ELSE ARRAY['publish', 'read', 'manage'] END;
--> statement-breakpoint
ALTER TABLE api_keys ALTER COLUMN scopes SET NOT NULL;
--> statement-breakpoint
CREATE TABLE api_key_former_texts (
  key_hash bytea PRIMARY KEY,
  key_id text NOT NULL REFERENCES api_keys (id),
  valid_until timestamptz NOT NULL
);
--> statement-breakpoint
CREATE UNLOGGED TABLE rate_limit_windows (
  subject text NOT NULL,
  started_at timestamptz NOT NULL,
  used integer NOT NULL,
  PRIMARY KEY (subject, started_at)
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE audit_entries (
  id text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  action text NOT NULL,
  subject_id text,
  customer_id text,
  actor text NOT NULL CHECK (actor IN ('operator', 'customer')),
  key_id text,
  address text,
  request_id text NOT NULL,
  changed text[] NOT NULL DEFAULT '{}',
  affected integer
);
--> statement-breakpoint
CREATE INDEX audit_entries_by_customer ON audit_entries (customer_id, id);
--> statement-breakpoint
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, id);
