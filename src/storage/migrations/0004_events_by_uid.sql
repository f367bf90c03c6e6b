-- What a producer calls an event finds it without its scope, too.
ALTER TABLE event_uids DROP CONSTRAINT event_uids_pkey, ADD PRIMARY KEY (uid, scope);
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey, ADD PRIMARY KEY (key, scope);
