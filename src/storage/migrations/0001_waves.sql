ALTER TABLE deliveries
  ADD COLUMN wave_at timestamptz,
  ADD COLUMN aside_at timestamptz,
  ADD CONSTRAINT deliveries_waiting CHECK ((wave_at IS NULL AND aside_at IS NULL) OR status IN ('queued', 'retrying'));
--> statement-breakpoint
CREATE INDEX deliveries_for_waves ON deliveries (wave_at) WHERE wave_at IS NOT NULL;
--> statement-breakpoint
CREATE INDEX deliveries_aside ON deliveries (endpoint_id, aside_at) WHERE aside_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE waves (
  lane integer PRIMARY KEY,
  token text NOT NULL,
  is_rolling boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE wave_leases (
  lane integer PRIMARY KEY,
  token text NOT NULL,
  lease_until timestamptz NOT NULL
);
