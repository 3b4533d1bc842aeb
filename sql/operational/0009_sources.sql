-- Data that keeps coming: an account's sources, what they delivered and is not loaded yet, what could not be, and how much came. One statement per ';' at a line's end.

CREATE TABLE sources (
  account_id        text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id                text NOT NULL,                   -- src_…
  type              text NOT NULL,                   -- a file of src/ingest/sources
  name              text NOT NULL,                   -- as people and pipelines call it; loads carry the id as their source
  key_hash          text NOT NULL,                   -- SHA-256 of the key in the address or the Authorization header (256 random bits)
  previous_key_hash text,                            -- good too until previous_until
  previous_until    timestamptz,
  settings          text NOT NULL,                   -- sealed for this row: signing keys, addresses and credentials of platforms
  campaign_rules    jsonb,                           -- where an event's campaign is looked for; null: as the type does by default
  former_rules      jsonb NOT NULL DEFAULT '[]',     -- rules of before and until when they held, oldest first: messages counted by them stay where they are
  enabled           boolean NOT NULL DEFAULT true,
  created_by        text,                            -- the person
  created_at        timestamptz NOT NULL,
  removed_at        timestamptz,                     -- takes nothing more; what it delivered is still loaded
  last_received_at  timestamptz,                     -- of the last request or pull that was kept
  last_refused_at   timestamptz,
  last_refusal      text,                            -- why, in Mercat's words
  cursor            jsonb NOT NULL DEFAULT '{}',     -- of a pull: where the next page goes on
  pulled_at         timestamptz,                     -- of a pull: when it last came to its end
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX sources_by_name ON sources (account_id, lower(name)) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX sources_by_key ON sources (key_hash);
CREATE UNIQUE INDEX sources_by_previous_key ON sources (previous_key_hash) WHERE previous_key_hash IS NOT NULL;

-- Requests that were acknowledged and are not loaded yet. Sealed, because they name people; deleted in the transaction that writes down what became of them.
CREATE TABLE inbox (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source_id   text NOT NULL,
  received_at timestamptz NOT NULL,
  items       integer NOT NULL,
  bytes       integer NOT NULL,                      -- of the request as it was read
  sealed      bytea NOT NULL,                        -- compressed, then sealed for its source
  FOREIGN KEY (account_id, source_id) REFERENCES sources (account_id, id)
);
ALTER TABLE inbox ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX inbox_by_account ON inbox (account_id, id);

-- Items that could not be loaded, until somebody sends them in again or their time is over. `reason` holds no value of the item.
CREATE TABLE set_aside (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source_id   text NOT NULL,
  kind        text NOT NULL,                         -- events, orders …
  reason      text NOT NULL,
  received_at timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  sealed      bytea NOT NULL,                        -- sealed for its source
  FOREIGN KEY (account_id, source_id) REFERENCES sources (account_id, id)
);
CREATE INDEX set_aside_by_source ON set_aside (account_id, source_id, id DESC);
CREATE INDEX set_aside_by_expiry ON set_aside (expires_at);

-- How much came, by source and hour: written with what became of a request, once.
CREATE TABLE source_hours (
  account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source_id  text NOT NULL,
  hour       timestamptz NOT NULL,
  requests   bigint NOT NULL DEFAULT 0,
  accepted   bigint NOT NULL DEFAULT 0,              -- rows loaded
  ignored    bigint NOT NULL DEFAULT 0,              -- items without a place in any figure
  rejected   bigint NOT NULL DEFAULT 0,              -- items set aside
  PRIMARY KEY (account_id, source_id, hour),
  FOREIGN KEY (account_id, source_id) REFERENCES sources (account_id, id)
);

-- Every batch of a source is a load: the newest of each are found without going through all.
CREATE INDEX loads_by_source ON loads (account_id, source, id DESC);
