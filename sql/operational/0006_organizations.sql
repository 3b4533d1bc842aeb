-- Clients of an account in full: who they are, what they pay, and writes that are made once. One statement per ';' at a line's end.

ALTER TABLE organizations ADD COLUMN origin text NOT NULL DEFAULT 'import' CHECK (origin IN ('import','dashboard','mcp','demo'));
ALTER TABLE organizations ADD COLUMN created_by text;
ALTER TABLE organizations ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

-- details (domain/entities/records/organization.ts) has had no members before: contact, website, country, onboarding.

-- Kept by the trigger below: whether the account serves several organizations decides which toolsets it starts with.
ALTER TABLE accounts ADD COLUMN several_organizations boolean NOT NULL DEFAULT false;
CREATE FUNCTION count_organizations() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE accounts SET several_organizations = true WHERE id = NEW.account_id AND NOT several_organizations AND (SELECT count(*) FROM organizations WHERE account_id = NEW.account_id) > 1; RETURN NULL; END $$;
CREATE TRIGGER organizations_counted AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION count_organizations();
-- Accounts of before keep the toolsets that they started with.
UPDATE accounts SET several_organizations = true,
  settings = CASE WHEN settings ? 'toolsets' THEN settings ELSE settings || '{"toolsets": ["reports", "explorer", "knowledge", "mission_control", "builders"]}' END
WHERE (SELECT count(*) FROM organizations WHERE account_id = accounts.id) > 1;

-- What an organization pays in one year, in one currency. Amounts are decimals; a unit may cost less than a cent.
CREATE TABLE contracts (
  account_id      text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id              text NOT NULL,                       -- ctr_…
  organization_id text NOT NULL,
  key             text NOT NULL,                       -- the platform's own id
  year            integer NOT NULL,
  plan            text NOT NULL,
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  platform_fee    numeric(20,6) NOT NULL,
  unit_cost       numeric(20,6) NOT NULL,
  committed_units bigint NOT NULL CHECK (committed_units >= 0),
  origin          text NOT NULL,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, key),
  FOREIGN KEY (account_id, organization_id) REFERENCES organizations (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contracts_by_organization ON contracts (account_id, organization_id, year);

CREATE TABLE invoices (
  account_id      text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id              text NOT NULL,                       -- inv_…
  organization_id text NOT NULL,
  key             text NOT NULL,                       -- the platform's own id
  number          text NOT NULL,
  year            integer NOT NULL,                    -- the contract year it belongs to
  issued          date NOT NULL,
  due             date NOT NULL,
  status          text NOT NULL CHECK (status IN ('open','paid','overdue','cancelled')),  -- as the platform said; an open one is overdue from the day after `due` on
  currency        text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  total           numeric(20,6) NOT NULL,
  units           numeric(20,6) NOT NULL,              -- of its lines of the kind `units`
  lines           jsonb NOT NULL,
  origin          text NOT NULL,
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, id),
  UNIQUE (account_id, key),
  FOREIGN KEY (account_id, organization_id) REFERENCES organizations (account_id, id) ON DELETE CASCADE
);
CREATE INDEX invoices_by_organization ON invoices (account_id, organization_id, issued DESC, id);

-- Writes that came with an idempotency key, made in the transaction of what they made: a retry finds the answer, or nothing at all.
CREATE TABLE write_keys (
  account_id text NOT NULL REFERENCES accounts ON DELETE CASCADE,
  user_id    text NOT NULL,
  tool       text NOT NULL,
  key        text NOT NULL,
  arguments  text NOT NULL,                            -- SHA-256 of what was asked for: the same key for something else is refused
  result     json NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, user_id, tool, key)
);
CREATE INDEX write_keys_by_time ON write_keys (created_at);
