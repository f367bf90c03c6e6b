ALTER TABLE endpoints ADD COLUMN prior_status text, ADD COLUMN prior_disabled_reason text;
--> statement-breakpoint
CREATE TABLE ownership_checks (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  url text NOT NULL,
  challenge_hash bytea NOT NULL,
  delivery_id text,
  requested_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
