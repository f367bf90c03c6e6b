-- Until when an endpoint is paused; null where somebody has to resume it.
ALTER TABLE endpoints ADD COLUMN paused_until timestamptz;
CREATE INDEX endpoints_to_resume ON endpoints (paused_until) WHERE paused_until IS NOT NULL;
