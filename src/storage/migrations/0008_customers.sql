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
INSERT INTO customers (id, ref)
SELECT customer_id, 'cus_' || lpad(upper(to_hex(row_number() OVER (ORDER BY customer_id))), 26, '0') FROM (
  SELECT customer_id FROM endpoints WHERE customer_id IS NOT NULL
  UNION SELECT customer_id FROM api_keys WHERE customer_id IS NOT NULL) AS known;

-- Since when what the event carried is gone for good: its data is an empty object then.
ALTER TABLE events ADD COLUMN erased_at timestamptz;
