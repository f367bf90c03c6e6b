-- Partial, so that no plan for a wave's claim takes it: that would read all that waits for an endpoint.
DROP INDEX deliveries_on_their_way;
CREATE INDEX deliveries_on_their_way ON open_deliveries (endpoint_id, status)
  WHERE status IN ('scheduled', 'queued', 'sending', 'retrying');
