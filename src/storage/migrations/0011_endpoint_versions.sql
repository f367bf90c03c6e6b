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
-- To explain to whom the endpoints that are gone belonged.
CREATE INDEX endpoints_deleted ON endpoints (customer_id, deleted_at) WHERE deleted_at IS NOT NULL;

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

-- From here on it is known what those are that were before.
INSERT INTO endpoint_versions (endpoint_id, at, customer_id, url, events, filter, header_names, status, disabled_reason,
    status_since, status_by, status_reason, breaker_state, is_deleted)
  SELECT e.id, e.created_at, e.customer_id, e.url, e.events, e.filter,
    ARRAY(SELECT h ->> 'name' FROM jsonb_array_elements(e.headers) AS h), e.status, e.disabled_reason, e.status_since, e.status_by,
    e.status_reason, coalesce(h.state, 'closed'), e.deleted_at IS NOT NULL
  FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id ORDER BY e.id;
