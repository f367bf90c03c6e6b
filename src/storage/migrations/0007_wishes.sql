CREATE INDEX deliveries_wished ON deliveries (endpoint_id) WHERE retry_mark IS NOT NULL;
