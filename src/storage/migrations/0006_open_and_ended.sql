-- Deliveries in two tables, so that what changes is small and what is kept is written once. A delivery is in one of them, and
-- moves by DELETE … RETURNING and INSERT in one transaction. Reads see both through the view `deliveries`.
DROP TABLE deliveries;

-- Ids sort by their bytes everywhere they are looked up.
ALTER TABLE events ALTER COLUMN id TYPE text COLLATE "C",
  ADD COLUMN delivery_ids text[] NOT NULL DEFAULT '{}', -- what came of it, in order; deliveries have no index by event
  ADD COLUMN customer_deliveries integer NOT NULL DEFAULT 0; -- of those, to endpoints of its own customer

-- What is still to happen, and what ended and has to be sent once more by hand (`retry_mark`).
CREATE TABLE open_deliveries (
  id text COLLATE "C" PRIMARY KEY,
  event_id text NOT NULL,
  endpoint_id text NOT NULL,
  customer_id text, -- the endpoint's, which decides who may see it
  event text NOT NULL,
  is_test boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN
    ('scheduled', 'queued', 'sending', 'retrying', 'held', 'delivered', 'dead', 'cancelled', 'skipped')),
  attempts_made integer NOT NULL DEFAULT 0,
  retries_used integer NOT NULL DEFAULT 0, -- of the endpoint's budget
  due_at timestamptz, -- when the next attempt is planned; null where none is
  priority smallint NOT NULL DEFAULT 0 CHECK (priority IN (0, 1)), -- 1 goes behind what is new: a replay released it
  position bigint, -- its place in line, where its endpoint keeps the order
  batch_id text, -- the batch that it goes with
  -- Who comes for it. A run of its own looks after it, or a wave from `wave_at` on. What is overdue by `recheck_at` is started
  -- again.
  wave_at timestamptz,
  recheck_at timestamptz,
  rechecks integer NOT NULL DEFAULT 0, -- without progress between them: each is farther away
  -- The claim, while it is being sent. What it was before returns where the claim is given back.
  trigger text, -- who asked for the attempt: automatic, manual or test
  owner text, -- the workflow and activity that sends
  run_id text, -- the run that looks after it
  claimed_at timestamptz,
  lease_until timestamptz, -- from when on the sender counts as gone
  prior_status text,
  prior_due_at timestamptz,
  retry_mark text, -- a manual attempt that somebody wished and nobody has begun
  -- Replays: the last one that released it, and what it was before.
  replay_id text,
  before_replay jsonb,
  -- What the last attempt led to.
  last_status_code integer,
  last_error_code text,
  dead_reason text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz, -- of what ended and is to be sent once more
  CONSTRAINT deliveries_waiting CHECK (wave_at IS NULL OR status IN ('queued', 'retrying'))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_vacuum_cost_delay = 0);
-- What every delivery pays for; the others are empty where nothing is wrong.
CREATE INDEX deliveries_in_turn ON open_deliveries (endpoint_id, priority, wave_at, id) WHERE wave_at IS NOT NULL;
CREATE INDEX deliveries_for_waves ON open_deliveries (wave_at) WHERE wave_at IS NOT NULL;
CREATE INDEX deliveries_on_their_way ON open_deliveries (endpoint_id, status);
CREATE INDEX deliveries_to_recheck ON open_deliveries (recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX deliveries_held ON open_deliveries (endpoint_id, priority, due_at, id) WHERE status = 'held';
CREATE INDEX deliveries_in_order ON open_deliveries (endpoint_id, position)
  WHERE position IS NOT NULL AND status IN ('queued', 'sending', 'retrying', 'held');
CREATE INDEX deliveries_in_batches ON open_deliveries (endpoint_id, batch_id)
  WHERE batch_id IS NOT NULL AND status IN ('sending', 'held');
CREATE INDEX deliveries_wished ON open_deliveries (endpoint_id) WHERE retry_mark IS NOT NULL;
CREATE INDEX deliveries_by_replay ON open_deliveries (replay_id, status) WHERE replay_id IS NOT NULL;
CREATE INDEX deliveries_under_replay ON open_deliveries (endpoint_id)
  WHERE priority = 1 AND status IN ('queued', 'sending');

-- What ended, with its attempt where it had only one, which went alone.
CREATE TABLE ended_deliveries (
  id text COLLATE "C" PRIMARY KEY,
  event_id text NOT NULL,
  endpoint_id text NOT NULL,
  customer_id text,
  event text NOT NULL,
  is_test boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('delivered', 'dead', 'cancelled', 'skipped')),
  attempts_made integer NOT NULL DEFAULT 0,
  retries_used integer NOT NULL DEFAULT 0,
  position bigint,
  batch_id text, -- the batch that delivered it
  trigger text,
  owner text,
  run_id text,
  replay_id text,
  last_status_code integer,
  last_error_code text,
  dead_reason text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  -- The attempt, null in `started_at` where there is none here; its status, code and trigger stand above.
  started_at timestamptz,
  signed_at timestamptz,
  duration_ms double precision,
  error_detail text,
  request_url text,
  request_headers json,
  signature text,
  response_headers json,
  response_body bytea,
  response_truncated boolean,
  timings json,
  remote_address text,
  tls_version text,
  resent boolean
);
CREATE INDEX ended_deliveries_by_endpoint ON ended_deliveries (endpoint_id, id);
CREATE INDEX ended_deliveries_by_customer ON ended_deliveries (customer_id, id);
CREATE INDEX ended_deliveries_by_time ON ended_deliveries USING brin (created_at, finished_at, started_at);
CREATE INDEX ended_deliveries_dead ON ended_deliveries (id) WHERE status = 'dead';
CREATE INDEX ended_deliveries_to_replay ON ended_deliveries (endpoint_id, status, id) WHERE status IN ('dead', 'skipped');
CREATE INDEX ended_deliveries_by_replay ON ended_deliveries (replay_id, status) WHERE replay_id IS NOT NULL;

-- Attempts that do not stand with their delivery: it had several, is open, or went with a batch.
ALTER TABLE attempts RENAME TO further_attempts;
ALTER TABLE further_attempts ALTER COLUMN delivery_id TYPE text COLLATE "C";

CREATE VIEW deliveries AS
SELECT id, event_id, endpoint_id, customer_id, event, is_test, status, attempts_made, retries_used, due_at, priority, position,
  batch_id, wave_at, recheck_at, rechecks, trigger, owner, run_id, claimed_at, lease_until, prior_status, prior_due_at,
  retry_mark, replay_id, before_replay, last_status_code, last_error_code, dead_reason, created_at, finished_at
FROM open_deliveries
UNION ALL
SELECT id, event_id, endpoint_id, customer_id, event, is_test, status, attempts_made, retries_used, NULL::timestamptz, 0::smallint, position,
  batch_id, NULL::timestamptz, NULL::timestamptz, 0, trigger, owner, run_id, NULL::timestamptz, NULL::timestamptz, NULL::text, NULL::timestamptz,
  NULL::text, replay_id, NULL::jsonb, last_status_code, last_error_code, dead_reason, created_at, finished_at
FROM ended_deliveries;

CREATE VIEW attempts AS
SELECT delivery_id, number, endpoint_id, trigger, started_at, signed_at, duration_ms, status_code, error_code, error_detail,
  request_url, request_headers, signature, response_headers, response_body, response_truncated, timings, remote_address,
  tls_version, batch_id, batch_attempt, resent
FROM further_attempts
UNION ALL
SELECT id, 1, endpoint_id, trigger, started_at, signed_at, duration_ms, last_status_code, last_error_code, error_detail,
  request_url, request_headers, signature, response_headers, response_body, response_truncated, timings, remote_address,
  tls_version, NULL::text, NULL::integer, resent
FROM ended_deliveries WHERE started_at IS NOT NULL;
