-- Hosts that fail, or of which operators were told lately.
CREATE TABLE outages (
  host text PRIMARY KEY, -- with its port where that is not the usual one
  endpoint_id text NOT NULL, -- the one that failed most, which alerts name
  failing_since timestamptz, -- null while it is well
  told_at timestamptz, -- when operators were last told that it fails
  is_told boolean NOT NULL -- whether they were of this outage
);

-- To find what else leads to a host that fails.
CREATE INDEX endpoints_by_host ON endpoints (substring(url FROM '^https?://([^/?#]+)')) WHERE deleted_at IS NULL;
