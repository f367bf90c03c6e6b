CREATE TABLE replays (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('dead_letters', 'missed')),
  customer_id text,
  endpoint_id text,
  selection jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  total integer NOT NULL,
  released integer NOT NULL DEFAULT 0,
  passed_over integer NOT NULL DEFAULT 0,
  delivered integer,
  cancelled integer,
  requested_by text NOT NULL,
  recheck_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
--> statement-breakpoint
CREATE INDEX replays_by_customer ON replays (customer_id, id);
--> statement-breakpoint
CREATE INDEX replays_by_endpoint ON replays (endpoint_id, id);
--> statement-breakpoint
CREATE INDEX replays_unfinished ON replays (recheck_at) WHERE finished_at IS NULL;
--> statement-breakpoint
CREATE TABLE replay_endpoints (
  replay_id text NOT NULL REFERENCES replays (id) ON DELETE CASCADE,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  total integer NOT NULL,
  released integer NOT NULL DEFAULT 0,
  cursor text NOT NULL DEFAULT '',
  served_at timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (replay_id, endpoint_id)
);
--> statement-breakpoint
CREATE INDEX replay_endpoints_by_endpoint ON replay_endpoints (endpoint_id);
--> statement-breakpoint
ALTER TABLE deliveries
  ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority IN (0, 1)),
  ADD COLUMN replay_id text,
  ADD COLUMN before_replay jsonb;
--> statement-breakpoint
CREATE INDEX deliveries_by_replay ON deliveries (replay_id, status) WHERE replay_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX deliveries_under_replay ON deliveries (endpoint_id) WHERE priority = 1 AND status IN ('queued', 'sending');
--> statement-breakpoint
CREATE INDEX deliveries_to_replay ON deliveries (endpoint_id, status, id) WHERE status IN ('dead', 'skipped');
--> statement-breakpoint
DROP INDEX deliveries_held;
--> statement-breakpoint
CREATE INDEX deliveries_held ON deliveries (endpoint_id, priority, due_at, id) WHERE status = 'held';
--> statement-breakpoint
DROP INDEX deliveries_aside;
--> statement-breakpoint
CREATE INDEX deliveries_aside ON deliveries (endpoint_id, priority, aside_at) WHERE aside_at IS NOT NULL;
