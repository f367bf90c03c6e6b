ALTER TABLE endpoint_secrets DROP COLUMN key_version;
