CREATE TABLE batches (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  delivery_ids text[] NOT NULL,
  attempts_made integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
CREATE INDEX batches_by_age ON batches (created_at);
--> statement-breakpoint
ALTER TABLE attempts
  ADD COLUMN batch_id text,
  ADD COLUMN batch_attempt integer;
--> statement-breakpoint
CREATE INDEX deliveries_in_batches ON deliveries (endpoint_id, batch_id)
  WHERE batch_id IS NOT NULL AND status IN ('sending', 'held');
