ALTER TABLE endpoint_secrets
  DROP COLUMN key_version,
  ADD COLUMN is_promoted boolean NOT NULL DEFAULT false,
  ADD COLUMN expires_at timestamptz;
--> statement-breakpoint
CREATE INDEX endpoint_secrets_to_remove ON endpoint_secrets (expires_at) WHERE expires_at IS NOT NULL;
--> statement-breakpoint
ALTER TABLE endpoints ADD COLUMN secrets_made integer NOT NULL DEFAULT 1;
--> statement-breakpoint
UPDATE endpoints SET headers = '[]', route = NULL WHERE deleted_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE master_key_holders (
  holder text PRIMARY KEY,
  name text NOT NULL,
  key_ids text[] NOT NULL,
  seen_at timestamptz NOT NULL
);
