-- Ids and labels that producers and those who set endpoints up give themselves.
ALTER TABLE events ADD COLUMN uid text;
ALTER TABLE events ADD COLUMN metadata jsonb; -- texts by name; null is none

-- Which event has which `uid`, within a scope (a customer, or what goes to all), for as long as the event is kept.
CREATE TABLE event_uids (
  scope text NOT NULL,
  uid text NOT NULL,
  event_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, uid)
);
CREATE INDEX event_uids_by_age ON event_uids (created_at);

ALTER TABLE endpoints ADD COLUMN uid text;
ALTER TABLE endpoints ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}';
-- One endpoint of a customer, or of the operator, has it.
CREATE UNIQUE INDEX endpoints_by_uid ON endpoints (coalesce(customer_id, ''), uid) WHERE uid IS NOT NULL AND deleted_at IS NULL;
