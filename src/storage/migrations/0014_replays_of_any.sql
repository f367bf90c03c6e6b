-- Replays of any selection, to other endpoints too, counted on the way.
ALTER TABLE replays DROP CONSTRAINT replays_kind_check;
ALTER TABLE replays ADD CONSTRAINT replays_kind_check CHECK (kind IN ('dead_letters', 'missed', 'deliveries'));
ALTER TABLE replays
  ADD COLUMN to_endpoint_id text, -- where all of it goes; null where each delivery goes to its own endpoint
  ADD COLUMN new_delivery boolean NOT NULL DEFAULT false, -- whether deliveries of their own are made
  ADD COLUMN counted_to text COLLATE "C"; -- the last delivery that was counted; null once all are
