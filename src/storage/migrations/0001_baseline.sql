-- The schema from which every other begins. Ids are prefixed and sort by when they were made. What is secret is sealed by
-- POSTHORN_MASTER_KEY (`ciphertext`); of API keys and challenges only hashes are kept.

-- Events that operators registered, beside those that are built in.
CREATE TABLE event_types (
  name text PRIMARY KEY,
  description text NOT NULL,
  schema jsonb, -- JSON Schema that `data` has to meet; null lets anything pass
  broadcast boolean NOT NULL DEFAULT false, -- whether it may go to all customers at once
  opt_in boolean NOT NULL DEFAULT false, -- whether `*` leaves it out
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Customers' URLs and their settings. A deleted endpoint keeps its row, without what was secret.
CREATE TABLE endpoints (
  id text PRIMARY KEY,
  customer_id text, -- null where it is the operator's own
  url text NOT NULL,
  description text NOT NULL,
  events text[] NOT NULL, -- names, prefixes and `*`
  headers jsonb NOT NULL, -- [{name, value, sensitive}]; sensitive values sealed, in base64
  timeout_ms integer NOT NULL,
  retry jsonb NOT NULL, -- the retry policy
  route jsonb, -- TLS settings, with the client certificate's key sealed, in base64
  rate_limit jsonb, -- {limit, per}
  max_concurrency integer,
  batch jsonb, -- {maxEvents, maxWaitMs, maxBytes}
  ordered boolean NOT NULL DEFAULT false,
  breaker jsonb NOT NULL DEFAULT '{"consecutiveFailures":10,"failureRatio":0.5,"minimumAttempts":20,"windowMs":60000,"cooldownMs":30000,"maxCooldownMs":1800000}',
  status text NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'paused', 'disabled')),
  disabled_reason text, -- why it is disabled
  status_since timestamptz NOT NULL DEFAULT now(),
  status_by text, -- who changed it last; null where it was Posthorn
  status_reason text, -- in the words of whoever did
  prior_status text, -- what one that has to be verified becomes once it is
  prior_disabled_reason text,
  secrets_made integer NOT NULL DEFAULT 1, -- the highest number a secret of it ever had
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX endpoints_by_customer ON endpoints (customer_id, id) WHERE deleted_at IS NULL;

-- Signing secrets. Where there is room for one only the promoted one signs, else the one with the lowest number; the newest
-- has no expiry.
CREATE TABLE endpoint_secrets (
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  number integer NOT NULL, -- from 1, never given twice
  ciphertext bytea NOT NULL,
  is_promoted boolean NOT NULL DEFAULT false,
  expires_at timestamptz, -- when it ends to sign
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (endpoint_id, number)
);
CREATE INDEX endpoint_secrets_to_remove ON endpoint_secrets (expires_at) WHERE expires_at IS NOT NULL;

-- The last challenge of each endpoint that has to answer for its URL.
CREATE TABLE ownership_checks (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  url text NOT NULL,
  challenge_hash bytea NOT NULL,
  delivery_id text, -- what carries the challenge; null until that is accepted
  requested_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz -- when the challenge came back
);

-- One row an endpoint, from its creation: while its gate is shut, publish holds deliveries back.
CREATE TABLE gates (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  is_open boolean NOT NULL DEFAULT true,
  needs_wake boolean NOT NULL DEFAULT false, -- nobody drains it, so whoever holds something back wakes its workflow
  next_position bigint NOT NULL DEFAULT 1 -- the next place in line, for endpoints that keep the order
);
CREATE INDEX gates_shut ON gates (endpoint_id) WHERE NOT is_open;

-- Who drains a shut gate at this moment.
CREATE TABLE gate_drains (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  token text NOT NULL, -- changes with every drain, so that two never send at once
  lease_until timestamptz NOT NULL,
  arrival jsonb -- how far the rate limit is used up (GCRA)
);

-- Breakers, and for how long endpoints have been failing. A healthy endpoint has no row.
CREATE TABLE endpoint_health (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  breaker jsonb NOT NULL, -- the whole state of the breaker; the columns beside it repeat what statements look for
  state text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
  epoch integer NOT NULL DEFAULT 0, -- raised with every change, so that results of before do not count
  is_failing boolean NOT NULL DEFAULT false,
  announced integer NOT NULL DEFAULT 0, -- the last stage of failing that was announced
  announced_at timestamptz
);
CREATE INDEX endpoint_health_open ON endpoint_health (endpoint_id) WHERE state <> 'closed';

-- Workers that suspect their own network.
CREATE TABLE network_suspicions (
  worker text PRIMARY KEY,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);

-- Where deliveries may go, beside what the settings say: one row at most.
CREATE TABLE destination_rules (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  allowed text[] NOT NULL, -- CIDRs, as are the denied ones
  denied text[] NOT NULL,
  ports integer[] NOT NULL,
  hosts text[] NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What happened, accepted once.
CREATE TABLE events (
  id text PRIMARY KEY,
  event text NOT NULL, -- the name of its type
  customer_id text, -- null where it went to all
  data text NOT NULL, -- compact JSON, as every attempt carries it
  is_test boolean NOT NULL DEFAULT false,
  deliver_at timestamptz, -- for what is scheduled
  cancelled_at timestamptz,
  deliveries integer NOT NULL, -- how many it had when it was accepted
  created_at timestamptz NOT NULL
);
CREATE INDEX events_by_customer ON events (customer_id, id);

-- Which request was accepted under which key, within a scope (a customer, or the operator).
CREATE TABLE idempotency_keys (
  scope text NOT NULL,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  event_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- One event for one endpoint, and where that stands. Rows change several times, so that pages keep room for it.
CREATE TABLE deliveries (
  id text PRIMARY KEY,
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
  finished_at timestamptz,
  CONSTRAINT deliveries_waiting CHECK (wave_at IS NULL OR status IN ('queued', 'retrying'))
) WITH (fillfactor = 70);
CREATE INDEX deliveries_to_recheck ON deliveries (recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX deliveries_by_event ON deliveries (event_id);
CREATE INDEX deliveries_by_endpoint ON deliveries (endpoint_id, id);
CREATE INDEX deliveries_by_customer ON deliveries (customer_id, id);
CREATE INDEX deliveries_dead ON deliveries (id) WHERE status = 'dead';
CREATE INDEX deliveries_by_time ON deliveries USING brin (created_at);
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL; -- for retention
CREATE INDEX deliveries_for_waves ON deliveries (wave_at) WHERE wave_at IS NOT NULL;
CREATE INDEX deliveries_in_order ON deliveries (endpoint_id, position)
  WHERE position IS NOT NULL AND status IN ('queued', 'sending', 'retrying', 'held');
CREATE INDEX deliveries_on_their_way ON deliveries (endpoint_id, status)
  WHERE status IN ('scheduled', 'queued', 'sending', 'retrying');
CREATE INDEX deliveries_in_batches ON deliveries (endpoint_id, batch_id)
  WHERE batch_id IS NOT NULL AND status IN ('sending', 'held');
CREATE INDEX deliveries_wished ON deliveries (endpoint_id) WHERE retry_mark IS NOT NULL;
CREATE INDEX deliveries_by_replay ON deliveries (replay_id, status) WHERE replay_id IS NOT NULL;
CREATE INDEX deliveries_under_replay ON deliveries (endpoint_id)
  WHERE priority = 1 AND status IN ('queued', 'sending');
CREATE INDEX deliveries_to_replay ON deliveries (endpoint_id, status, id) WHERE status IN ('dead', 'skipped');
CREATE INDEX deliveries_held ON deliveries (endpoint_id, priority, due_at, id) WHERE status = 'held';
CREATE INDEX deliveries_in_turn ON deliveries (endpoint_id, priority, wave_at, id) WHERE wave_at IS NOT NULL;

-- One HTTP request of a delivery. Of an attempt whose sender vanished, everything that it would have reported is null.
CREATE TABLE attempts (
  delivery_id text NOT NULL,
  number integer NOT NULL, -- from 1
  endpoint_id text NOT NULL,
  trigger text NOT NULL, -- automatic, manual or test
  started_at timestamptz NOT NULL,
  signed_at timestamptz, -- the time that was signed; null where nothing was sent
  duration_ms double precision,
  status_code integer,
  error_code text,
  error_detail text,
  request_url text,
  request_headers json, -- as sent, sensitive values masked
  signature text, -- the body's, from which with the time all that was signed can be made again
  response_headers json, -- pairs in the order received
  response_body bytea, -- its first bytes; of a batch's call it stands with the first member
  response_truncated boolean NOT NULL DEFAULT false,
  timings json,
  remote_address text,
  tls_version text,
  batch_id text, -- the batch it went with
  batch_attempt integer, -- which attempt of that this was
  resent boolean NOT NULL DEFAULT false, -- whether it went out twice, because a kept connection had ended
  PRIMARY KEY (delivery_id, number)
);
CREATE INDEX attempts_by_time ON attempts USING brin (started_at);
CREATE INDEX attempts_by_endpoint ON attempts (endpoint_id, started_at);

-- Who goes in one call, in order, frozen before its first attempt; what is retried by hand alone has a batch of one.
CREATE TABLE batches (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  delivery_ids text[] NOT NULL,
  attempts_made integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX batches_by_age ON batches (created_at);

-- Whether a wave takes what is due, by lane: publish reads it. Leases stand apart, so that renewing one touches nothing that
-- publish locks.
CREATE TABLE waves (
  lane integer PRIMARY KEY,
  token text NOT NULL, -- changes with every drain
  is_rolling boolean NOT NULL
);
CREATE TABLE wave_leases (
  lane integer PRIMARY KEY,
  token text NOT NULL,
  lease_until timestamptz NOT NULL
);

-- Deliveries that ended undelivered, given back in bulk.
CREATE TABLE replays (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('dead_letters', 'missed')),
  customer_id text, -- null where they may be anybody's
  endpoint_id text, -- null where they may go to several
  selection jsonb NOT NULL, -- the filter that selected them
  status text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  total integer NOT NULL,
  released integer NOT NULL DEFAULT 0, -- given back, and not taken back since
  passed_over integer NOT NULL DEFAULT 0, -- gone, or something else by then, when their turn came
  delivered integer, -- counted when it ended, as are the cancelled ones
  cancelled integer,
  requested_by text NOT NULL, -- a key's id, or the operator
  recheck_at timestamptz NOT NULL, -- by when its run should have moved this on
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX replays_by_customer ON replays (customer_id, id);
CREATE INDEX replays_by_endpoint ON replays (endpoint_id, id);
CREATE INDEX replays_unfinished ON replays (recheck_at) WHERE finished_at IS NULL;

-- How far a replay has come at each of its endpoints.
CREATE TABLE replay_endpoints (
  replay_id text NOT NULL REFERENCES replays (id) ON DELETE CASCADE,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  total integer NOT NULL,
  released integer NOT NULL DEFAULT 0,
  cursor text NOT NULL DEFAULT '', -- the last delivery that was looked at
  served_at timestamptz NOT NULL DEFAULT '-infinity', -- endpoints take turns by it
  PRIMARY KEY (replay_id, endpoint_id)
);
CREATE INDEX replay_endpoints_by_endpoint ON replay_endpoints (endpoint_id);

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  customer_id text, -- null where it is a further key of the operator
  name text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  allowed_cidrs text[] NOT NULL DEFAULT '{}', -- where requests may come from; from anywhere where empty
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz, -- exact to a minute
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Texts that rotation replaced, each good until its overlap ends.
CREATE TABLE api_key_former_texts (
  key_hash bytea PRIMARY KEY,
  key_id text NOT NULL REFERENCES api_keys (id),
  valid_until timestamptz NOT NULL
);

-- Requests counted by limit and window; a crash may forget them.
CREATE UNLOGGED TABLE rate_limit_windows (
  subject text NOT NULL, -- what is limited: a key or a customer
  started_at timestamptz NOT NULL,
  used integer NOT NULL,
  PRIMARY KEY (subject, started_at)
) WITH (fillfactor = 50);

-- Who changed what, when and from where; written and read, never changed.
CREATE TABLE audit_entries (
  id text PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  action text NOT NULL,
  subject_id text, -- what was changed
  customer_id text, -- whose that is
  actor text NOT NULL CHECK (actor IN ('operator', 'customer')),
  key_id text, -- null for the operator's key of the settings
  address text,
  request_id text NOT NULL,
  changed text[] NOT NULL DEFAULT '{}', -- names of the members given, never their values
  affected integer -- of an action in bulk
);
CREATE INDEX audit_entries_by_customer ON audit_entries (customer_id, id);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, id);

-- Which processes have which master keys, as they say every few seconds; ids only.
CREATE TABLE master_key_holders (
  holder text PRIMARY KEY,
  name text NOT NULL, -- for people: which process it is
  key_ids text[] NOT NULL, -- it seals with the first
  seen_at timestamptz NOT NULL
);
