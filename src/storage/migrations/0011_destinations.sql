CREATE TABLE destination_rules (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  allowed text[] NOT NULL,
  denied text[] NOT NULL,
  ports integer[] NOT NULL,
  hosts text[] NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
--> statement-breakpoint
ALTER TABLE endpoints ADD COLUMN route jsonb;
