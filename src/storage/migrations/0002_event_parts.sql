-- Deliveries of wide events that are still to be made, up to 1,000 a row. Who gets the event was decided when it was
-- accepted, and its row has the ids of all its deliveries; the rows of a part are made, and the part removed, in one
-- transaction.
CREATE TABLE event_parts (
  event_id text COLLATE "C" NOT NULL,
  part integer NOT NULL, -- in this order
  is_skipped boolean NOT NULL, -- whether its endpoints were disabled when the event was accepted
  delivery_ids text[] NOT NULL,
  endpoint_ids text[] NOT NULL, -- one for each delivery
  PRIMARY KEY (event_id, part)
);
