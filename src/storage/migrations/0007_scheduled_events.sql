-- To count what a customer has scheduled.
CREATE INDEX events_scheduled ON events (customer_id, deliver_at) WHERE deliver_at IS NOT NULL AND cancelled_at IS NULL;
