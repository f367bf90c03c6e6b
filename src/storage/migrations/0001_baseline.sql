-- The schema from which every other begins. Ids are prefixed and sort by when they were made. What is secret is sealed by
-- POSTHORN_MASTER_KEY (`ciphertext`); of API keys and challenges only hashes are kept.

-- Events that operators registered, beside those that are built in.
CREATE TABLE event_types (
  name text PRIMARY KEY,
  description text NOT NULL,
  schema jsonb, -- JSON Schema that `data` has to meet; null lets anything pass
  broadcast boolean NOT NULL DEFAULT false, -- whether it may go to all customers at once
  opt_in boolean NOT NULL DEFAULT false, -- whether `*` leaves it out
  searchable text[] NOT NULL DEFAULT '{}', -- by which members of `data` events are found: names, or JSON pointers
  searchable_since timestamptz, -- those accepted before are not found by them
  sensitive text[] NOT NULL DEFAULT '{}', -- members of `data` whose values no answer shows: names, or JSON pointers
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
  wire jsonb, -- what goes out: {payload, webhookId, signatures}; null is Posthorn's own format
  uid text, -- an id of one's own
  metadata jsonb NOT NULL DEFAULT '{}', -- texts by name
  paused_until timestamptz, -- until when it is paused; null where somebody has to resume it
  replay_on_recovery boolean NOT NULL DEFAULT false, -- whether what died while it failed is sent once more when it is well again
  filter jsonb, -- which events it gets by members of their data: {member: [value, …]}; null lets every event through
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX endpoints_by_customer ON endpoints (customer_id, id) WHERE deleted_at IS NULL;
-- One endpoint of a customer, or of the operator, has it.
CREATE UNIQUE INDEX endpoints_by_uid ON endpoints (coalesce(customer_id, ''), uid) WHERE uid IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX endpoints_to_resume ON endpoints (paused_until) WHERE paused_until IS NOT NULL;
-- To find what else leads to a host that fails. Without a condition: statements that share it could be planned with this
-- index while there are few endpoints, and would read all of them from then on.
CREATE INDEX endpoints_by_host ON endpoints (substring(url FROM '^https?://([^/?#]+)'));
-- Counts over all endpoints leave listeners out.
CREATE INDEX endpoints_of_listeners ON endpoints (id) WHERE url LIKE 'listen://%';
-- To explain to whom the endpoints that are gone belonged.
CREATE INDEX endpoints_deleted ON endpoints (customer_id, deleted_at) WHERE deleted_at IS NOT NULL;

-- Signing secrets. Where there is room for one only the promoted one signs, else the one with the lowest number; the newest
-- has no expiry.
CREATE TABLE endpoint_secrets (
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  number integer NOT NULL, -- from 1, never given twice
  ciphertext bytea NOT NULL,
  is_promoted boolean NOT NULL DEFAULT false,
  expires_at timestamptz, -- when it ends to sign
  public_key text NOT NULL, -- of the Ed25519 key that `ciphertext` seals together with the secret
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
  id text COLLATE "C" PRIMARY KEY,
  event text NOT NULL, -- the name of its type
  customer_id text, -- null where it went to all
  data text NOT NULL, -- compact JSON, as every attempt carries it
  is_test boolean NOT NULL DEFAULT false,
  deliver_at timestamptz, -- for what is scheduled
  cancelled_at timestamptz,
  deliveries integer NOT NULL, -- how many it had when it was accepted
  occurred_at timestamptz, -- where the producer says so; else it is as old as its acceptance
  uid text, -- the producer's own id
  metadata jsonb, -- texts by name; null is none
  trace_parent text, -- of the trace in which it was published, as the header of that name has it
  delivery_ids text[] NOT NULL DEFAULT '{}', -- what came of it, in order; deliveries have no index by event
  customer_deliveries integer NOT NULL DEFAULT 0, -- of those, to endpoints of its own customer
  erased_at timestamptz, -- since when what it carried is gone for good: its data is an empty object then
  search_keys bytea[], -- those under which it is found, so that they go with it
  created_at timestamptz NOT NULL
);
CREATE INDEX events_by_customer ON events (customer_id, id);
-- To count what a customer has scheduled.
CREATE INDEX events_scheduled ON events (customer_id, deliver_at) WHERE deliver_at IS NOT NULL AND cancelled_at IS NULL;

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

-- One event for one endpoint, and where that stands, in two tables, so that what changes is small and what is kept is written once. A delivery is in one of them, and
-- moves by DELETE … RETURNING and INSERT in one transaction. Reads see both through the view `deliveries`.
-- What is still to happen, and what ended and has to be sent once more by hand (`retry_mark`). Rows change several times, so that
-- pages keep room for it.
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
-- No priority is below 0: who reads by time says so, and who asks for an endpoint's cannot be given this index instead of
-- that one, which a plan made while the table was small would do.
CREATE INDEX deliveries_for_waves ON open_deliveries (wave_at) WHERE wave_at IS NOT NULL AND priority >= 0;
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
CREATE INDEX deliveries_on_their_way ON open_deliveries (endpoint_id, status)
  WHERE status IN ('scheduled', 'queued', 'sending', 'retrying');

-- What ended, with its attempt where it had only one, which went alone. Posthorn itself makes a partition for each day (UTC) of ids
-- ahead of time and drops it whole; what is of no such day is in `…_older`.
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
) PARTITION BY RANGE (id);
CREATE TABLE ended_deliveries_older PARTITION OF ended_deliveries FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
CREATE INDEX ended_deliveries_by_endpoint ON ended_deliveries (endpoint_id, id);
CREATE INDEX ended_deliveries_by_customer ON ended_deliveries (customer_id, id);
CREATE INDEX ended_deliveries_by_time ON ended_deliveries USING brin (created_at, finished_at, started_at);
CREATE INDEX ended_deliveries_dead ON ended_deliveries (id) WHERE status = 'dead';
CREATE INDEX ended_deliveries_to_replay ON ended_deliveries (endpoint_id, status, id) WHERE status IN ('dead', 'skipped');
CREATE INDEX ended_deliveries_by_replay ON ended_deliveries (replay_id, status) WHERE replay_id IS NOT NULL;

-- Attempts that do not stand with their delivery: it had several, is open, or went with a batch. Of an attempt whose sender
-- vanished, everything that it would have reported is null. Partitions as above, by the same days.
CREATE TABLE further_attempts (
  delivery_id text COLLATE "C" NOT NULL,
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
) PARTITION BY RANGE (delivery_id);
CREATE TABLE further_attempts_older PARTITION OF further_attempts FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
CREATE INDEX attempts_by_time ON further_attempts USING brin (started_at);
CREATE INDEX attempts_by_endpoint ON further_attempts (endpoint_id, started_at);

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
  kind text NOT NULL CHECK (kind IN ('dead_letters', 'missed', 'deliveries')),
  customer_id text, -- null where they may be anybody's
  endpoint_id text, -- null where they may go to several
  selection jsonb NOT NULL, -- the filter that selected them
  to_endpoint_id text, -- where all of it goes; null where each delivery goes to its own endpoint
  new_delivery boolean NOT NULL DEFAULT false, -- whether deliveries of their own are made
  status text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  total integer NOT NULL, -- of those counted so far
  counted_to text COLLATE "C", -- the last delivery that was counted; null once all are
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
  actor text NOT NULL CHECK (actor IN ('operator', 'customer', 'system')), -- the last is Posthorn itself, whom no request asked
  key_id text, -- null for the operator's key of the settings
  address text,
  request_id text,
  changed text[] NOT NULL DEFAULT '{}', -- names of the members given, never their values
  affected integer, -- of an action in bulk
  person text, -- whom a trusted proxy named, where nobody showed a key
  reason text -- in the words of whoever did it, or the code of what led to it
);
CREATE INDEX audit_entries_by_customer ON audit_entries (customer_id, id);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_id, id);
-- Entries are removed by their own age.
CREATE INDEX audit_entries_by_time ON audit_entries USING brin (created_at);

-- Which processes have which master keys, as they say every few seconds; ids only.
CREATE TABLE master_key_holders (
  holder text PRIMARY KEY,
  name text NOT NULL, -- for people: which process it is
  key_ids text[] NOT NULL, -- it seals with the first
  seen_at timestamptz NOT NULL
);

-- Answers to requests that came with an idempotency key, for as long as keys are remembered.
CREATE TABLE remembered_answers (
  scope text NOT NULL, -- who asked for what: a caller, a method and a path
  key text NOT NULL,
  request_hash bytea NOT NULL,
  answer bytea, -- sealed; null until the request is answered
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX remembered_answers_by_age ON remembered_answers (created_at);

-- What happened to deliveries, in the order of commit: a row a group of records or publishes, with the facts of the group side
-- by side in arrays. Appended only. `xid` is the transaction's: whoever reads up to the oldest that is still under way misses
-- none.
CREATE TABLE outcomes (
  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  number bigint GENERATED ALWAYS AS IDENTITY, -- in order within a transaction
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  delivery_ids text[], -- null where facts are of many deliveries, as when events are accepted
  endpoint_ids text[] NOT NULL, -- null for what is said of events
  customer_ids text[] NOT NULL,
  events text[] NOT NULL,
  created_ats timestamptz[] NOT NULL, -- when what the fact is about was accepted
  counts integer[] NOT NULL, -- -1 takes back what was said before
  became text[], -- the state in which it ended; null where it did not
  formers text[], -- in which it had ended before; null where it had not
  numbers integer[], -- of attempts, as all that follows
  triggers text[],
  started_ats timestamptz[],
  delays_ms double precision[], -- of first attempts: how long after they were due they began
  durations_ms double precision[],
  status_codes integer[],
  error_codes text[]
) WITH (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000);
CREATE INDEX outcomes_in_order ON outcomes (xid);

-- Counts of what outcomes say, by stretches of time; tests are left out. The counts of `outcomes` from `rollup_progress` on are
-- not among them yet.
CREATE TABLE rollups (
  grain integer NOT NULL, -- seconds of a stretch
  measure text NOT NULL, -- attempts; ended, standing (by when they were created), created; published
  bucket timestamptz NOT NULL, -- when the stretch begins
  customer_id text,
  endpoint_id text, -- null for events
  event text NOT NULL,
  status text, -- of what ended
  status_code integer,
  error_code text,
  count bigint NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX rollups_of_endpoints
  ON rollups (grain, measure, endpoint_id, bucket, event, status, status_code, error_code, customer_id) NULLS NOT DISTINCT;
CREATE INDEX rollups_by_time ON rollups (grain, measure, bucket, customer_id);

-- How long attempts took, and how long first attempts came after their events, by classes of equal ratio.
CREATE TABLE rollup_times (
  grain integer NOT NULL,
  measure text NOT NULL, -- latency, delay
  bucket timestamptz NOT NULL,
  customer_id text,
  endpoint_id text NOT NULL,
  -- The classes in which there are any, and how many of each: one row, as each row has two entries in indexes.
  classes smallint[] NOT NULL,
  counts bigint[] NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX rollup_times_of_endpoints
  ON rollup_times (grain, measure, endpoint_id, bucket, customer_id) NULLS NOT DISTINCT;
CREATE INDEX rollup_times_by_time ON rollup_times (grain, measure, bucket, customer_id);

-- From which transaction on outcomes are not counted yet, and up to which they were removed.
CREATE TABLE rollup_progress (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  counted_to bigint NOT NULL,
  removed_to bigint NOT NULL,
  -- What lies before is in the stretches of every grain, what lies after only in those of the finest.
  coarse_to timestamptz NOT NULL
);

INSERT INTO rollup_progress (counted_to, removed_to, coarse_to) VALUES (0, 0, date_trunc('minute', now(), 'UTC'));

-- Which event has which `uid`, within a scope (a customer, or what goes to all), for as long as the event is kept.
CREATE TABLE event_uids (
  scope text NOT NULL,
  uid text NOT NULL,
  event_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, uid)
);
CREATE INDEX event_uids_by_age ON event_uids (created_at);

-- Customers, from the first time that something of theirs is made. Their ids are those that producers give them.
CREATE TABLE customers (
  id text PRIMARY KEY,
  ref text NOT NULL UNIQUE, -- sorts by when it was noted
  name text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}', -- texts by name
  limits jsonb NOT NULL DEFAULT '{}', -- {maxEndpoints, maxKeys, requestsPerMinute}; the installation's where absent
  erasing_since timestamptz, -- since when all that is theirs is being erased
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX customers_to_erase ON customers (erasing_since) WHERE erasing_since IS NOT NULL;

-- How endpoints fared lately, as outcomes tell it.
CREATE TABLE endpoint_activity (
  endpoint_id text PRIMARY KEY,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_error_code text -- of the last failure
) WITH (fillfactor = 50);

-- Where events are found by members of their data: 16 bytes of an HMAC of member and value, under the key below.
CREATE TABLE search_keys (
  key bytea NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  customer_id text, -- the event's
  PRIMARY KEY (key, event_id)
);

-- Made once; without it nobody who has the keys above can try values, such as those of data that was erased.
CREATE TABLE search_secret (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  secret bytea NOT NULL
);

INSERT INTO search_secret (secret)
  VALUES (decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- What a browser shows instead of a key: an operator's or customer's console by a cookie, a customer's portal by a token.
CREATE TABLE sessions (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('console', 'portal')),
  code_hash bytea UNIQUE, -- of the one-time code that begins it; null once it was used
  code_expires_at timestamptz,
  token_hash bytea UNIQUE, -- of what the browser shows; null until it has begun
  key_id text REFERENCES api_keys (id), -- the key that it stands for
  admin_key_hash bytea, -- or the operator's key of the settings
  customer_id text, -- of a portal: whose it is
  scopes text[], -- of a portal: what it allows
  look jsonb, -- of a portal: name, logo and theme
  opened_by text, -- of a portal: the key that made the link
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz, -- exact to a minute
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_by_kind ON sessions (kind, id);
CREATE INDEX sessions_by_key ON sessions (key_id) WHERE key_id IS NOT NULL;

-- What endpoints were, a row a change, so that what became of an event can be explained after everything has changed. Written by
-- the triggers below, so that no change is missed; kept as long as events.
CREATE TABLE endpoint_versions (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  endpoint_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), -- from when on it was so
  customer_id text,
  url text NOT NULL,
  events text[] NOT NULL,
  filter jsonb,
  header_names text[] NOT NULL,
  status text NOT NULL,
  disabled_reason text,
  status_since timestamptz NOT NULL,
  status_by text, -- who changed the status; null where it was Posthorn
  status_reason text,
  breaker_state text NOT NULL,
  is_deleted boolean NOT NULL
);
CREATE INDEX endpoint_versions_by_endpoint ON endpoint_versions (endpoint_id, number);
CREATE INDEX endpoint_versions_by_time ON endpoint_versions (at);
CREATE INDEX endpoint_versions_by_customer ON endpoint_versions (customer_id);

-- Notes what the endpoint is now. The argument names the column that has its id.
CREATE FUNCTION keep_endpoint_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO endpoint_versions (endpoint_id, customer_id, url, events, filter, header_names, status, disabled_reason,
    status_since, status_by, status_reason, breaker_state, is_deleted)
  SELECT e.id, e.customer_id, e.url, e.events, e.filter, ARRAY(SELECT h ->> 'name' FROM jsonb_array_elements(e.headers) AS h),
    e.status, e.disabled_reason, e.status_since, e.status_by, e.status_reason, coalesce(h.state, 'closed'),
    e.deleted_at IS NOT NULL
  FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id WHERE e.id = to_jsonb(NEW) ->> TG_ARGV[0];
  RETURN NULL;
END
$$;
CREATE TRIGGER endpoint_created AFTER INSERT ON endpoints
  FOR EACH ROW EXECUTE FUNCTION keep_endpoint_version('id');
CREATE TRIGGER endpoint_changed AFTER UPDATE ON endpoints FOR EACH ROW
  WHEN ((OLD.url, OLD.events, OLD.filter, OLD.status, OLD.disabled_reason, OLD.deleted_at,
      jsonb_path_query_array(OLD.headers, '$[*].name'))
    IS DISTINCT FROM (NEW.url, NEW.events, NEW.filter, NEW.status, NEW.disabled_reason, NEW.deleted_at,
      jsonb_path_query_array(NEW.headers, '$[*].name')))
  EXECUTE FUNCTION keep_endpoint_version('id');
CREATE TRIGGER breaker_changed AFTER UPDATE OF state ON endpoint_health FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION keep_endpoint_version('endpoint_id');

-- Endpoints whose deliveries go to whoever listens: who does, and until when they are kept. A listener that nobody came
-- back to stays on record after its endpoint is removed, so that whoever listens under its name again can be told how
-- much went by.
CREATE TABLE listeners (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id) ON DELETE CASCADE,
  stream text, -- the stream that has it; null while nobody listens
  heard_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  swept_at timestamptz, -- since when its endpoint is gone; it cannot be listened to any more
  follows text REFERENCES endpoints (id) ON DELETE SET NULL -- the swept one before it, until that is told
);
CREATE INDEX listeners_by_end ON listeners (expires_at);

-- Signed requests on their way to whoever listens, and the answers on their way back; gone once an attempt is over.
CREATE TABLE relays (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES listeners (endpoint_id) ON DELETE CASCADE,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'answered')),
  headers jsonb NOT NULL,
  body bytea NOT NULL,
  timeout_ms integer NOT NULL,
  answer jsonb,
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX relays_waiting ON relays (endpoint_id, made_at) WHERE state = 'waiting';
CREATE INDEX relays_by_age ON relays (made_at);

-- What event types were, a row a change, to explain what became of an event after its type has changed. Written by the trigger
-- below; kept as long as events.
CREATE TABLE event_type_versions (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), -- from when on it was so
  opt_in boolean NOT NULL,
  searchable text[] NOT NULL,
  sensitive text[] NOT NULL,
  is_deleted boolean NOT NULL
);
CREATE INDEX event_type_versions_by_name ON event_type_versions (name, number);
CREATE INDEX event_type_versions_by_time ON event_type_versions (at);

CREATE FUNCTION keep_event_type_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept event_types := coalesce(NEW, OLD);
BEGIN
  INSERT INTO event_type_versions (name, opt_in, searchable, sensitive, is_deleted)
  VALUES (kept.name, kept.opt_in, kept.searchable, kept.sensitive, TG_OP = 'DELETE');
  RETURN NULL;
END
$$;
CREATE TRIGGER event_type_made AFTER INSERT OR DELETE ON event_types
  FOR EACH ROW EXECUTE FUNCTION keep_event_type_version();
CREATE TRIGGER event_type_changed AFTER UPDATE ON event_types FOR EACH ROW
  WHEN ((OLD.opt_in, OLD.searchable, OLD.sensitive) IS DISTINCT FROM (NEW.opt_in, NEW.searchable, NEW.sensitive))
  EXECUTE FUNCTION keep_event_type_version();

-- Hosts that fail, or of which operators were told lately.
CREATE TABLE outages (
  host text PRIMARY KEY, -- with its port where that is not the usual one
  endpoint_id text NOT NULL, -- the one that failed most, which alerts name
  failing_since timestamptz, -- null while it is well
  told_at timestamptz, -- when operators were last told that it fails
  is_told boolean NOT NULL -- whether they were of this outage
);
