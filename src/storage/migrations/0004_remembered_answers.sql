-- Answers to requests that came with an idempotency key, for as long as keys are remembered.
CREATE TABLE remembered_answers (
  scope text NOT NULL, -- who asked for what: a caller, a method and a path
  key text NOT NULL,
  request_hash bytea NOT NULL,
  answer bytea, -- sealed; null until the request is answered
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
CREATE INDEX remembered_answers_by_age ON remembered_answers (created_at);
