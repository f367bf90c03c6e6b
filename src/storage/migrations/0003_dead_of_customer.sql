-- Dead letters of one customer: without it, those of all are looked at, or all that the customer ever got.
CREATE INDEX ended_deliveries_dead_of_customer ON ended_deliveries (customer_id, id) WHERE status = 'dead';
