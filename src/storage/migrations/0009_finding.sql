-- How endpoints fared lately, as outcomes tell it.
CREATE TABLE endpoint_activity (
  endpoint_id text PRIMARY KEY,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_error_code text -- of the last failure
) WITH (fillfactor = 50);

-- Which members of `data` events are found by: names, or JSON pointers; those accepted before are not found by them.
ALTER TABLE event_types
  ADD COLUMN searchable text[] NOT NULL DEFAULT '{}',
  ADD COLUMN searchable_since timestamptz;

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

-- The keys that an event has there, so that they go with it.
ALTER TABLE events ADD COLUMN search_keys bytea[];
