-- Whether what died while an endpoint was failing is sent once more when it is well again.
ALTER TABLE endpoints ADD COLUMN replay_on_recovery boolean NOT NULL DEFAULT false;
