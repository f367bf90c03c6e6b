ALTER TABLE endpoints
  ADD COLUMN rate_limit jsonb,
  ADD COLUMN max_concurrency integer,
  ADD COLUMN batch jsonb,
  ADD COLUMN ordered boolean NOT NULL DEFAULT false,
  ADD COLUMN breaker jsonb NOT NULL DEFAULT '{"consecutiveFailures":10,"failureRatio":0.5,"minimumAttempts":20,"windowMs":60000,"cooldownMs":30000,"maxCooldownMs":1800000}',
  ADD COLUMN status_since timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN status_by text,
  ADD COLUMN status_reason text;
--> statement-breakpoint
ALTER TABLE gates
  ADD COLUMN needs_wake boolean NOT NULL DEFAULT false,
  ADD COLUMN next_position bigint NOT NULL DEFAULT 1;
--> statement-breakpoint
CREATE TABLE gate_drains (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  token text NOT NULL,
  lease_until timestamptz NOT NULL,
  arrival jsonb
);
--> statement-breakpoint
CREATE TABLE endpoint_health (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  breaker jsonb NOT NULL,
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
  epoch integer NOT NULL DEFAULT 0,
  is_failing boolean NOT NULL DEFAULT false,
  announced integer NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE INDEX endpoint_health_open ON endpoint_health (endpoint_id) WHERE state <> 'closed';
--> statement-breakpoint
ALTER TABLE deliveries
  ADD COLUMN position bigint,
  ADD COLUMN batch_id text;
--> statement-breakpoint
CREATE INDEX deliveries_held ON deliveries (endpoint_id, due_at, id) WHERE status = 'held';
--> statement-breakpoint
CREATE INDEX deliveries_in_order ON deliveries (endpoint_id, position)
  WHERE position IS NOT NULL AND status IN ('queued', 'sending', 'retrying', 'held');
--> statement-breakpoint
CREATE INDEX deliveries_on_their_way ON deliveries (endpoint_id, status)
  WHERE status IN ('scheduled', 'queued', 'sending', 'retrying');
--> statement-breakpoint
DROP INDEX deliveries_open_by_endpoint;
--> statement-breakpoint
CREATE INDEX gates_shut ON gates (endpoint_id) WHERE NOT is_open;
