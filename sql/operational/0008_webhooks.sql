-- Outgoing webhooks: whom to tell, what is to be told, and how each telling goes. One statement per ';' at a line's end.

CREATE TABLE webhook_endpoints (
  account_id      text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id              text NOT NULL,                     -- whe_…
  url             text NOT NULL,
  secret          text NOT NULL,                     -- sealed for this row
  previous_secret text,                              -- sealed for this row; signs too until previous_until
  previous_until  timestamptz,
  enabled         boolean NOT NULL DEFAULT true,
  created_by      text,                              -- the person
  created_at      timestamptz NOT NULL,
  disabled_at     timestamptz,
  disabled_reason text CHECK (disabled_reason IN ('person','gone')),
  PRIMARY KEY (account_id, id)
);

-- What happened, written in the transaction in which it happened. It is told as it stands here, however often it takes.
CREATE TABLE outbox (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  message_id text NOT NULL UNIQUE,                   -- msg_…: the same on every attempt, so that a receiver knows a repetition
  type       text NOT NULL,                          -- src/domain/webhooks/events.ts has them all
  payload    jsonb NOT NULL,                         -- the data of the message
  created_at timestamptz NOT NULL
);
CREATE INDEX outbox_by_account ON outbox (account_id, created_at);

-- One message to one endpoint.
CREATE TABLE webhook_deliveries (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id   text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  outbox_id    bigint NOT NULL REFERENCES outbox ON DELETE CASCADE,
  endpoint_id  text NOT NULL,
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','delivered','failed')),
  attempts     integer NOT NULL DEFAULT 0,           -- that ended, since it was made or replayed
  next_at      timestamptz NOT NULL,                 -- while pending: not before
  leased_until timestamptz,                          -- while a process is at it; past that the process is dead
  last_at      timestamptz,                          -- of the last attempt that ended
  last_status  integer,                              -- the HTTP status it brought
  last_error   text,                                 -- why it was not taken: src/domain/webhooks/outcome.ts has them all
  ended_at     timestamptz,                          -- when it was delivered, or given up
  UNIQUE (outbox_id, endpoint_id),
  FOREIGN KEY (account_id, endpoint_id) REFERENCES webhook_endpoints (account_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (account_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_list ON webhook_deliveries (account_id, id DESC);
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (account_id, endpoint_id);
