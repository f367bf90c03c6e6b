ALTER TABLE deliveries
  DROP CONSTRAINT deliveries_waiting,
  ADD CONSTRAINT deliveries_waiting CHECK (wave_at IS NULL OR status IN ('queued', 'retrying'));
--> statement-breakpoint
UPDATE deliveries SET wave_at = aside_at WHERE aside_at IS NOT NULL;
--> statement-breakpoint
DROP INDEX deliveries_aside;
--> statement-breakpoint
ALTER TABLE deliveries DROP COLUMN aside_at;
--> statement-breakpoint
CREATE INDEX deliveries_in_turn ON deliveries (endpoint_id, priority, wave_at, id) WHERE wave_at IS NOT NULL;
