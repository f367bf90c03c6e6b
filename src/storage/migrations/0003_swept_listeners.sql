-- A listener that nobody came back to stays on record after its endpoint is removed, so that whoever listens under its
-- name again can be told how much went by.
ALTER TABLE listeners
  ADD COLUMN swept_at timestamptz, -- since when its endpoint is gone; it cannot be listened to any more
  ADD COLUMN follows text REFERENCES endpoints (id) ON DELETE SET NULL; -- the swept one before it, until that is told

-- Counts over all endpoints leave listeners out.
CREATE INDEX endpoints_of_listeners ON endpoints (id) WHERE url LIKE 'listen://%';
