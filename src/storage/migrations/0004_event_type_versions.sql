-- What event types were, a row a change, to explain what became of an event after its type has changed. Written by the trigger
-- below; kept as long as events.
CREATE TABLE event_type_versions (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  at timestamptz NOT NULL DEFAULT now(), -- from when on it was so
  opt_in boolean NOT NULL,
  searchable text[] NOT NULL,
  is_deleted boolean NOT NULL
);
CREATE INDEX event_type_versions_by_name ON event_type_versions (name, number);
CREATE INDEX event_type_versions_by_time ON event_type_versions (at);

INSERT INTO event_type_versions (name, at, opt_in, searchable, is_deleted)
SELECT name, created_at, opt_in, searchable, false FROM event_types;

CREATE FUNCTION keep_event_type_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept event_types := coalesce(NEW, OLD);
BEGIN
  INSERT INTO event_type_versions (name, opt_in, searchable, is_deleted)
  VALUES (kept.name, kept.opt_in, kept.searchable, TG_OP = 'DELETE');
  RETURN NULL;
END
$$;
CREATE TRIGGER event_type_made AFTER INSERT OR DELETE ON event_types
  FOR EACH ROW EXECUTE FUNCTION keep_event_type_version();
CREATE TRIGGER event_type_changed AFTER UPDATE ON event_types FOR EACH ROW
  WHEN ((OLD.opt_in, OLD.searchable) IS DISTINCT FROM (NEW.opt_in, NEW.searchable))
  EXECUTE FUNCTION keep_event_type_version();
