-- Accounts, people, entities, loads, audit and OAuth. One statement per ';' at a line's end.

CREATE TABLE accounts (
  id           text PRIMARY KEY,                       -- acc_…
  system_name  text NOT NULL UNIQUE CHECK (system_name ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
  name         text NOT NULL,
  time_zone    text NOT NULL,                          -- IANA zone
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  mcp_enabled  boolean NOT NULL DEFAULT false,
  settings     jsonb NOT NULL DEFAULT '{}',            -- checked against AccountSettings (domain/accounts)
  customer_key bytea NOT NULL,                         -- 16 random bytes: the key of the customer hash
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id             text PRIMARY KEY,                     -- usr_…
  email          text NOT NULL,
  name           text NOT NULL,
  password_hash  text,                                 -- PHC string, argon2id; null: cannot sign in by password
  is_super_admin boolean NOT NULL DEFAULT false,
  disabled_at    timestamptz,
  created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE TABLE memberships (
  account_id     text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  user_id        text NOT NULL REFERENCES users ON DELETE CASCADE,
  role           text NOT NULL CHECK (role IN ('owner','account_manager','marketer','analyst','customer_support','read_only')),
  scopes_added   text[] NOT NULL DEFAULT '{}',
  scopes_removed text[] NOT NULL DEFAULT '{}',
  organizations  text[] NOT NULL DEFAULT '{}',         -- empty: all
  brands         text[] NOT NULL DEFAULT '{}',         -- empty: all
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE organizations (
  account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id         text NOT NULL,                            -- org_…
  key        text NOT NULL,                            -- the platform's own id
  name       text NOT NULL,
  currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  details    jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, key)
);

CREATE TABLE entities (
  account_id      text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  organization_id text,
  type            text NOT NULL,
  id              text NOT NULL,                       -- cmp_…, flw_…
  key             text NOT NULL,                       -- the platform's own id; analytics rows name a campaign by it
  name            text NOT NULL,
  status          text NOT NULL,
  channel         text,
  brand_id        text,
  folder_id       text,
  flow_id         text,                                -- campaigns only: set = automatic, null = manual
  tags            text[] NOT NULL DEFAULT '{}',
  starts_at       timestamptz,
  ends_at         timestamptz,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  created_by      text,
  origin          text NOT NULL CHECK (origin IN ('import','observed','dashboard','mcp','demo')),  -- observed: seen in events before it was imported
  definition      jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, type, key),
  FOREIGN KEY (account_id, organization_id) REFERENCES organizations (account_id, id)
);
CREATE INDEX entities_by_type ON entities (account_id, type, status, name);

-- One row per import, stream batch or recomputation. The id orders loads; analytics rows carry it as load_id.
CREATE TABLE loads (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id  text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  source      text NOT NULL,                           -- 'import', 'demo', later one per ingest source
  label       text NOT NULL,                           -- a file's name
  state       text NOT NULL DEFAULT 'running' CHECK (state IN ('running','loaded','done','failed')),
  accepted    bigint NOT NULL DEFAULT 0,
  rejected    bigint NOT NULL DEFAULT 0,
  error       text,
  started_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX loads_open ON loads (account_id) WHERE state IN ('running','loaded');

-- Numbers of fact generations: each refresh takes one, never used again (sql/analytics, "Facts").
CREATE SEQUENCE fact_generations;

-- What an account's facts were last built with (zone, attribution, goals, excluded campaigns): a refresh that finds a
-- difference rebuilds what it concerns.
CREATE TABLE fact_settings (
  account_id text PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  built_with jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,                            -- no foreign key: checking it costs four times the row itself. The insert joins accounts, the trigger below cascades
  at         timestamptz NOT NULL,
  user_id    text,
  client_id  text,
  tool       text NOT NULL,
  effect     text NOT NULL,
  outcome    text NOT NULL,                            -- 'ok' or an error code
  ms         integer NOT NULL,
  rows       integer,
  tokens     integer,
  input      jsonb,
  result     jsonb
);
CREATE INDEX audit_by_time ON audit (account_id, at DESC);
CREATE FUNCTION purge_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM audit WHERE account_id = OLD.id; RETURN NULL; END $$;
CREATE TRIGGER accounts_purge_audit AFTER DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION purge_audit();

-- oidc-provider's records. id_hash is HMAC-SHA256 of the bearer value, so that a dump holds nothing usable.
CREATE TABLE oauth_records (
  model       text NOT NULL,
  id_hash     text NOT NULL,
  payload     jsonb NOT NULL,                          -- secret members sealed (AES-256-GCM)
  grant_id    text,
  uid_hash    text,
  user_id     text,
  client_id   text,
  consumed_at timestamptz,
  successor   text,                                    -- sealed pair for the refresh grace window
  expires_at  timestamptz,
  PRIMARY KEY (model, id_hash)
);
CREATE INDEX oauth_records_grant ON oauth_records (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oauth_records_uid ON oauth_records (uid_hash) WHERE uid_hash IS NOT NULL;
CREATE INDEX oauth_records_client ON oauth_records (client_id, user_id) WHERE client_id IS NOT NULL;
CREATE INDEX oauth_records_expiry ON oauth_records (expires_at);

-- Points spent in the current window of a rate limit; shared by all processes of one PostgreSQL (embedded, the limits live in memory).
CREATE TABLE rate_limits (
  key    varchar(255) PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint                                        -- milliseconds since 1970
);

-- Installation-wide secrets that are not configuration: signing keys, cookie keys (sealed).
CREATE TABLE installation (
  key        text PRIMARY KEY,
  value      jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
