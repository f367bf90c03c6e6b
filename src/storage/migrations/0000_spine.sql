CREATE TABLE event_types (
  name text PRIMARY KEY,
  description text NOT NULL,
  schema jsonb,
  broadcast boolean NOT NULL DEFAULT false,
  opt_in boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE TABLE endpoints (
  id text PRIMARY KEY,
  customer_id text,
  url text NOT NULL,
  description text NOT NULL,
  events text[] NOT NULL,
  headers jsonb NOT NULL,
  timeout_ms integer NOT NULL,
  retry jsonb NOT NULL,
  status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'paused', 'disabled')),
  disabled_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
--> statement-breakpoint
CREATE INDEX endpoints_by_customer ON endpoints (customer_id, id) WHERE deleted_at IS NULL;
--> statement-breakpoint
CREATE TABLE gates (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  is_open boolean NOT NULL DEFAULT true
);
--> statement-breakpoint
CREATE TABLE endpoint_secrets (
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  number integer NOT NULL,
  ciphertext bytea NOT NULL,
  key_version integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (endpoint_id, number)
);
--> statement-breakpoint
CREATE TABLE events (
  id text PRIMARY KEY,
  event text NOT NULL,
  customer_id text,
  data text NOT NULL,
  is_test boolean NOT NULL DEFAULT false,
  deliver_at timestamptz,
  cancelled_at timestamptz,
  deliveries integer NOT NULL,
  created_at timestamptz NOT NULL
);
--> statement-breakpoint
CREATE INDEX events_by_customer ON events (customer_id, id);
--> statement-breakpoint
CREATE TABLE idempotency_keys (
  scope text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  event_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
--> statement-breakpoint
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
--> statement-breakpoint
CREATE TABLE deliveries (
  id text PRIMARY KEY,
  event_id text NOT NULL,
  endpoint_id text NOT NULL,
  customer_id text,
  event text NOT NULL,
  is_test boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN
    ('scheduled', 'queued', 'sending', 'retrying', 'held', 'delivered', 'dead', 'cancelled', 'skipped')),
  attempts_made integer NOT NULL DEFAULT 0,
  retries_used integer NOT NULL DEFAULT 0,
  due_at timestamptz,
  recheck_at timestamptz,
  rechecks integer NOT NULL DEFAULT 0,
  trigger text,
  owner text,
  run_id text,
  claimed_at timestamptz,
  lease_until timestamptz,
  prior_status text,
  prior_due_at timestamptz,
  retry_mark text,
  last_status_code integer,
  last_error_code text,
  dead_reason text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
) WITH (fillfactor = 70);
--> statement-breakpoint
CREATE INDEX deliveries_to_recheck ON deliveries (recheck_at) WHERE recheck_at IS NOT NULL;
--> statement-breakpoint
CREATE INDEX deliveries_by_event ON deliveries (event_id);
--> statement-breakpoint
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);
--> statement-breakpoint
CREATE INDEX deliveries_by_customer ON deliveries (customer_id, id);
--> statement-breakpoint
CREATE INDEX deliveries_dead ON deliveries (id) WHERE status = 'dead';
--> statement-breakpoint
CREATE INDEX deliveries_open_by_endpoint ON deliveries (endpoint_id)
  WHERE status IN ('scheduled', 'queued', 'sending', 'retrying', 'held');
--> statement-breakpoint
CREATE INDEX deliveries_by_time ON deliveries USING brin (created_at);
--> statement-breakpoint
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
--> statement-breakpoint
CREATE TABLE attempts (
  delivery_id text NOT NULL,
  number integer NOT NULL,
  endpoint_id text NOT NULL,
  trigger text NOT NULL,
  started_at timestamptz NOT NULL,
  signed_at timestamptz,
  duration_ms double precision,
  status_code integer,
  error_code text,
  error_detail text,
  request_url text,
  request_headers json,
  signature text,
  response_headers json,
  response_body bytea,
  response_truncated boolean NOT NULL DEFAULT false,
  timings json,
  remote_address text,
  tls_version text,
  PRIMARY KEY (delivery_id, number)
);
--> statement-breakpoint
CREATE INDEX attempts_by_time ON attempts USING brin (started_at);
--> statement-breakpoint
CREATE INDEX attempts_by_endpoint ON attempts (endpoint_id, started_at);
--> statement-breakpoint
CREATE TABLE api_keys (
  id text PRIMARY KEY,
  customer_id text,
  name text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
