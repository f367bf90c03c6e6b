ALTER TABLE endpoint_health ADD COLUMN announced_at timestamptz;
--> statement-breakpoint
CREATE TABLE network_suspicions (
  worker text PRIMARY KEY,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
