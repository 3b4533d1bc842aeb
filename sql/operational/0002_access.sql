-- Sign-in in all its ways, one-time links, and what the audit log needs besides tool calls. One statement per ';' at a line's end.

-- A browser that is signed in. The bearer value is oidc-provider's Session in oauth_records; uid is its stable, non-secret name.
CREATE TABLE sessions (
  uid          text PRIMARY KEY,
  user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
  methods      text[] NOT NULL,                        -- RFC 8176: pwd, otp, hwk, fed …
  user_agent   text NOT NULL DEFAULT '',
  created_at   timestamptz NOT NULL DEFAULT now(),
  proved_at    timestamptz NOT NULL DEFAULT now(),     -- when the person proved who they are; 1970: an external provider did not say
  last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE totp (
  user_id      text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  secret       text NOT NULL,                          -- sealed
  confirmed_at timestamptz,                            -- null: begun, not yet proved; asks for nothing at sign-in
  last_step    bigint NOT NULL DEFAULT -1              -- the newest time step that was accepted: each code is good once (RFC 6238 section 5.2)
);

CREATE TABLE recovery_codes (
  user_id   text NOT NULL REFERENCES users ON DELETE CASCADE,
  code_hash text NOT NULL,                             -- SHA-256 of 80 random bits
  used_at   timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE passkeys (
  id           text PRIMARY KEY,                       -- the credential id, base64url
  user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
  name         text NOT NULL,
  public_key   bytea NOT NULL,
  counter      bigint NOT NULL DEFAULT 0,
  transports   text[] NOT NULL DEFAULT '{}',
  backed_up    boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- People of the external OpenID provider: the subject names them, never the address.
CREATE TABLE external_identities (
  issuer       text NOT NULL,
  subject      text NOT NULL,
  user_id      text NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX external_identities_user ON external_identities (user_id);

-- What one browser must bring back within minutes, once: WebAuthn challenges, the state of a sign-in at the external provider.
CREATE TABLE challenges (
  id_hash    text PRIMARY KEY,                         -- SHA-256 of 256 random bits
  purpose    text NOT NULL,
  sealed     text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX challenges_expiry ON challenges (expires_at);

-- One-time links: an invitation to an account, or a new password. Whoever holds the link may use it once.
CREATE TABLE links (
  id             text PRIMARY KEY,                     -- lnk_…
  token_hash     text NOT NULL UNIQUE,                 -- SHA-256 of 256 random bits
  purpose        text NOT NULL CHECK (purpose IN ('invitation','password')),
  email          text NOT NULL,
  user_id        text REFERENCES users ON DELETE CASCADE,       -- password links
  account_id     text REFERENCES accounts ON DELETE CASCADE,    -- invitations, with what the membership will be
  role           text,
  scopes_added   text[] NOT NULL DEFAULT '{}',
  scopes_removed text[] NOT NULL DEFAULT '{}',
  organizations  text[] NOT NULL DEFAULT '{}',
  brands         text[] NOT NULL DEFAULT '{}',
  created_by     text REFERENCES users ON DELETE CASCADE,       -- null: an operator at the command line. What somebody who is gone gave out is void
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  used_at        timestamptz,
  CHECK ((purpose = 'invitation') = (account_id IS NOT NULL AND role IS NOT NULL)),
  CHECK ((purpose = 'password') = (user_id IS NOT NULL))
);
CREATE INDEX links_account ON links (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX links_user ON links (user_id) WHERE user_id IS NOT NULL;

-- false: made by an invitation of a member, who had the link in hand too. The address is theirs once an operator's link or the external provider says so.
ALTER TABLE users ADD COLUMN address_proved boolean NOT NULL DEFAULT true;

-- directory: given by a group of the external provider, and taken away with it; manual ones are never touched by a sign-in.
ALTER TABLE memberships ADD COLUMN source text NOT NULL DEFAULT 'manual' CHECK (source IN ('manual','directory'));

ALTER TABLE oauth_records ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE oauth_records ADD COLUMN used_at timestamptz;
CREATE INDEX oauth_records_user ON oauth_records (user_id, model) WHERE user_id IS NOT NULL;

-- effect 'access': not a tool call but an event of people and permissions (domain/audit/events.ts); `tool` is its name then.
CREATE INDEX audit_by_user ON audit (account_id, user_id, at DESC);

-- Set when an account is offboarded: nothing new begins in it while its data is deleted.
ALTER TABLE accounts ADD COLUMN leaving_at timestamptz;
