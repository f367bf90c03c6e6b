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
  class smallint NOT NULL,
  count bigint NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX rollup_times_of_endpoints
  ON rollup_times (grain, measure, endpoint_id, bucket, class, customer_id) NULLS NOT DISTINCT;
CREATE INDEX rollup_times_by_time ON rollup_times (grain, measure, bucket, customer_id);

-- From which transaction on outcomes are not counted yet, and up to which they were removed.
CREATE TABLE rollup_progress (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  counted_to bigint NOT NULL,
  removed_to bigint NOT NULL
);
INSERT INTO rollup_progress (counted_to, removed_to) VALUES (0, 0);
