-- Truth (events, orders, web events, customers) and the daily facts the reports read.
-- One statement per ';' at a line's end. ENGINE lines are written for a single node; migrate.ts derives the
-- Replicated and Distributed forms for a cluster (sharded by account_id, so that all joins stay local).
-- campaign is the platform's own id: entities.key in the operational store. Ids of people and messages are
-- keyed 128-bit hashes made at the door; the values themselves are never stored.

CREATE TABLE events (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  message      FixedString(16),
  event        Enum8('queued'=1,'sent'=2,'delivered'=3,'opened'=4,'clicked'=5,'unsubscribed'=6,'complained'=7,'bounced'=8,'failed'=9,'held_out'=10),
  event_key    UInt64,
  occurred_at  DateTime64(3, 'UTC'),
  customer     FixedString(16),
  channel      LowCardinality(String),
  bounce_type  Enum8(''=0,'hard'=1,'soft'=2),
  machine      Bool,
  country      LowCardinality(String),
  variant      LowCardinality(String),
  url          String CODEC(ZSTD(1)),
  load_id      UInt64 CODEC(Delta, ZSTD(1)),
  version      UInt64,
  INDEX by_load load_id TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
ORDER BY (account_id, campaign, message, event, event_key);

CREATE TABLE orders (
  account_id  LowCardinality(String),
  order_key   FixedString(16),
  customer    Nullable(FixedString(16)),
  placed_at   DateTime64(3, 'UTC'),
  updated_at  DateTime64(3, 'UTC'),
  status      Enum8('placed'=1,'paid'=2,'delivered'=3,'cancelled'=4,'refunded'=5),
  amount      Decimal(38, 6),
  currency    LowCardinality(String),
  country     LowCardinality(String),
  campaign    LowCardinality(String),
  message     Nullable(FixedString(16)),
  load_id     UInt64 CODEC(Delta, ZSTD(1)),
  version     UInt64,
  INDEX by_load load_id TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
ORDER BY (account_id, order_key);

CREATE TABLE order_items (
  account_id LowCardinality(String),
  order_key  FixedString(16),
  item_key   UInt64,
  product    String,
  quantity   Decimal(38, 6),
  unit_price Decimal(38, 6),
  amount     Decimal(38, 6),
  load_id    UInt64 CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(load_id)
ORDER BY (account_id, order_key, item_key);

CREATE TABLE web_events (
  account_id  LowCardinality(String),
  customer    FixedString(16),
  kind        LowCardinality(String),
  occurred_at DateTime64(3, 'UTC'),
  event_key   UInt64,
  webapp      LowCardinality(String),
  properties  String CODEC(ZSTD(1)),
  load_id     UInt64 CODEC(Delta, ZSTD(1)),
  INDEX by_load load_id TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(load_id)
ORDER BY (account_id, customer, kind, occurred_at, event_key);

CREATE TABLE customers (
  account_id  LowCardinality(String),
  customer    FixedString(16),
  country     LowCardinality(String),
  language    LowCardinality(String),
  signed_up   Nullable(Date),
  stage       LowCardinality(String),
  consent     Array(LowCardinality(String)),
  attributes  Map(LowCardinality(String), String),
  updated_at  DateTime64(3, 'UTC'),
  load_id     UInt64 CODEC(Delta, ZSTD(1))
) ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (account_id, customer);

-- Facts. Every fact row carries the generation (one refresh = one number, never used again) that wrote it. A family of
-- facts of a campaign counts at the campaign's newest generation in fact_generations only: a refresh writes rows of a new
-- generation, invisible, then switches all its campaigns and families with one insert. Superseded generations stay ten
-- minutes for those still reading at an older snapshot. Read through src/domain/facts (currentFacts, factsSnapshot).
CREATE TABLE fact_generations (
  account_id LowCardinality(String),
  family     Enum8('messages'=1,'orders'=2,'uplift'=3),
  campaign   LowCardinality(String),
  generation UInt64,
  earliest   Nullable(DateTime64(3, 'UTC')),           -- of the campaign's events (messages) or of its orders (orders); null: it has none
  latest     Nullable(DateTime64(3, 'UTC')),
  built_at   DateTime64(3, 'UTC')
) ENGINE = ReplacingMergeTree
ORDER BY (account_id, family, campaign, generation);

CREATE TABLE message_facts (
  account_id         LowCardinality(String),
  campaign           LowCardinality(String),
  generation         UInt64,
  basis              Enum8('send'=1,'event'=2),
  day                Date,
  channel            LowCardinality(String),
  country            LowCardinality(String),
  variant            LowCardinality(String),
  sends              UInt64,
  deliveries         UInt64,
  explicit_deliveries UInt64,
  opens              UInt64,
  total_opens        UInt64,
  machine_opens      UInt64,
  clicks             UInt64,
  total_clicks       UInt64,
  bot_clicks         UInt64,
  unsubscribes       UInt64,
  complaints         UInt64,
  hard_bounces       UInt64,
  soft_bounces       UInt64,
  failures           UInt64,
  held_out           UInt64,
  earliest           DateTime64(3, 'UTC'),             -- instants of the events behind the row
  latest             DateTime64(3, 'UTC'),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
ORDER BY (account_id, basis, day, campaign, generation);

-- Human touches that may earn an order, one row per touch, rebuilt with their campaign's messages (family 'messages').
CREATE TABLE touches (
  account_id LowCardinality(String),
  customer   FixedString(16),
  touched_at DateTime64(3, 'UTC'),
  campaign   LowCardinality(String),
  generation UInt64,
  kind       Enum8('click'=1,'delivery'=2,'open'=3),
  sent_at    DateTime64(3, 'UTC'),
  channel    LowCardinality(String),
  country    LowCardinality(String),
  variant    LowCardinality(String)
) ENGINE = MergeTree
ORDER BY (account_id, customer, touched_at);

-- Every order's attribution, unattributed orders included (campaign ''). The working state of refreshes: rows of a
-- generation above the newest committed one belong to a refresh that runs or broke off; their was_* columns still say
-- where the committed facts count the order. Reports read order_facts instead.
CREATE TABLE attributions (
  account_id    LowCardinality(String),
  order_key     FixedString(16),
  customer      Nullable(FixedString(16)),
  placed_at     DateTime64(3, 'UTC'),
  status        Enum8('placed'=1,'paid'=2,'delivered'=3,'cancelled'=4,'refunded'=5),
  amount        Decimal(38, 6),
  currency      LowCardinality(String),
  campaign      LowCardinality(String),
  rule          Enum8('none'=0,'message'=1,'campaign'=2,'click'=3,'delivery'=4,'open'=5),
  touched_at    Nullable(DateTime64(3, 'UTC')),
  sent_at       Nullable(DateTime64(3, 'UTC')),
  channel       LowCardinality(String),
  country       LowCardinality(String),
  variant       LowCardinality(String),
  was_campaign  LowCardinality(String),
  was_placed_at DateTime64(3, 'UTC'),
  generation    UInt64
) ENGINE = ReplacingMergeTree(generation)
ORDER BY (account_id, order_key);

-- The orders a running refresh attributes anew, as they are now: rows of its own generation only, removed some time after.
CREATE TABLE affected_orders (
  account_id  LowCardinality(String),
  generation  UInt64,
  order_key   FixedString(16),
  customer    Nullable(FixedString(16)),
  placed_at   DateTime64(3, 'UTC'),
  status      Enum8('placed'=1,'paid'=2,'delivered'=3,'cancelled'=4,'refunded'=5),
  amount      Decimal(38, 6),
  currency    LowCardinality(String),
  country     LowCardinality(String),
  campaign    LowCardinality(String),
  message     Nullable(FixedString(16))
) ENGINE = MergeTree
ORDER BY (account_id, generation, order_key);

-- campaign '' holds the unattributed orders (basis event only).
CREATE TABLE order_facts (
  account_id LowCardinality(String),
  campaign   LowCardinality(String),
  generation UInt64,
  basis      Enum8('send'=1,'event'=2),
  day        Date,
  channel    LowCardinality(String),
  country    LowCardinality(String),
  variant    LowCardinality(String),
  status     Enum8('placed'=1,'paid'=2,'delivered'=3,'cancelled'=4,'refunded'=5),
  currency   LowCardinality(String),
  orders     UInt64,
  revenue    Decimal(38, 6),
  earliest   DateTime64(3, 'UTC'),                     -- instants of the orders behind the row
  latest     DateTime64(3, 'UTC'),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
ORDER BY (account_id, basis, day, campaign, generation);

-- Customers of controlled campaigns whose uplift a running refresh rebuilds: rows of its own generation only, removed some time after.
CREATE TABLE assignments (
  account_id  LowCardinality(String),
  generation  UInt64,
  campaign    LowCardinality(String),
  customer    FixedString(16),
  assigned_at DateTime64(3, 'UTC'),
  arm         Enum8('treated'=1,'held_out'=2),
  window_ms   Int64
) ENGINE = MergeTree
ORDER BY (account_id, generation, campaign, customer);

-- Customers of controlled campaigns by the day they were assigned, once per goal; revenue in the account's currency.
CREATE TABLE uplift_facts (
  account_id      LowCardinality(String),
  campaign        LowCardinality(String),
  generation      UInt64,
  day             Date,
  goal            LowCardinality(String),
  arm             Enum8('treated'=1,'held_out'=2),
  customers       UInt64,
  visitors        UInt64,
  orderers        UInt64,
  orders          UInt64,
  revenue         Decimal(38, 6),
  revenue_squares Decimal(76, 12)                      -- sum over customers of the square of their revenue, exact
) ENGINE = MergeTree
ORDER BY (account_id, campaign, generation, day);
