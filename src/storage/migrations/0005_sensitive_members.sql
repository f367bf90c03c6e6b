-- Members of `data` whose values no answer shows: names, or JSON pointers.
ALTER TABLE event_types ADD COLUMN sensitive text[] NOT NULL DEFAULT '{}';
ALTER TABLE event_type_versions ADD COLUMN sensitive text[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION keep_event_type_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept event_types := coalesce(NEW, OLD);
BEGIN
  INSERT INTO event_type_versions (name, opt_in, searchable, sensitive, is_deleted)
  VALUES (kept.name, kept.opt_in, kept.searchable, kept.sensitive, TG_OP = 'DELETE');
  RETURN NULL;
END
$$;
DROP TRIGGER event_type_changed ON event_types;
CREATE TRIGGER event_type_changed AFTER UPDATE ON event_types FOR EACH ROW
  WHEN ((OLD.opt_in, OLD.searchable, OLD.sensitive) IS DISTINCT FROM (NEW.opt_in, NEW.searchable, NEW.sensitive))
  EXECUTE FUNCTION keep_event_type_version();
