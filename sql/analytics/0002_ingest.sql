-- The door of the analytics store: every canonical row passes through one of these tables, which keep nothing themselves.
-- A row without a reason goes on to its table; of a rejected one only its line and the reason are kept, never its values.

-- How many rows a load brought, by outcome (reason '' = accepted) and, for accepted ones, by campaign.
CREATE TABLE load_counts (
  account_id LowCardinality(String),
  load_id    UInt64,
  kind       LowCardinality(String),
  reason     LowCardinality(String),
  campaign   LowCardinality(String),
  rows       UInt64
) ENGINE = SummingMergeTree(rows)
ORDER BY (account_id, load_id, kind, reason, campaign);

CREATE TABLE load_rejects (
  account_id LowCardinality(String),
  load_id    UInt64,
  line       UInt64,
  kind       LowCardinality(String),
  reason     LowCardinality(String)
) ENGINE = MergeTree
ORDER BY (account_id, load_id, line);

-- Lines of orders that come one line at a time, until their file is read and they can be added up. Ids are hashed already.
CREATE TABLE load_order_lines (
  account_id  LowCardinality(String),
  load_id     UInt64,
  line        UInt64,
  reason      LowCardinality(String),
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
  version     UInt64
) ENGINE = MergeTree
ORDER BY (account_id, load_id, order_key);

CREATE MATERIALIZED VIEW load_order_lines_counted TO load_counts AS
SELECT account_id, load_id, 'orders' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM load_order_lines WHERE reason != '') GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW load_order_lines_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'orders' AS kind, reason FROM load_order_lines WHERE reason != '';

CREATE TABLE ingest_events (
  account_id   LowCardinality(String),
  load_id      UInt64,
  line         UInt64,
  reason       LowCardinality(String),
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
  url          String,
  version      UInt64
) ENGINE = Null;

CREATE MATERIALIZED VIEW ingest_events_accepted TO events AS
SELECT * EXCEPT (line, reason) FROM ingest_events WHERE reason = '';

CREATE MATERIALIZED VIEW ingest_events_counted TO load_counts AS
SELECT account_id, load_id, 'events' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM ingest_events) GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW ingest_events_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'events' AS kind, reason FROM ingest_events WHERE reason != '';

CREATE TABLE ingest_orders (
  account_id  LowCardinality(String),
  load_id     UInt64,
  line        UInt64,
  reason      LowCardinality(String),
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
  version     UInt64
) ENGINE = Null;

CREATE MATERIALIZED VIEW ingest_orders_accepted TO orders AS
SELECT * EXCEPT (line, reason) FROM ingest_orders WHERE reason = '';

CREATE MATERIALIZED VIEW ingest_orders_counted TO load_counts AS
SELECT account_id, load_id, 'orders' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM ingest_orders) GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW ingest_orders_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'orders' AS kind, reason FROM ingest_orders WHERE reason != '';

CREATE TABLE ingest_order_items (
  account_id LowCardinality(String),
  load_id    UInt64,
  line       UInt64,
  reason     LowCardinality(String),
  order_key  FixedString(16),
  item_key   UInt64,
  product    String,
  quantity   Decimal(38, 6),
  unit_price Decimal(38, 6),
  amount     Decimal(38, 6)
) ENGINE = Null;

CREATE MATERIALIZED VIEW ingest_order_items_accepted TO order_items AS
SELECT * EXCEPT (line, reason) FROM ingest_order_items WHERE reason = '';

CREATE MATERIALIZED VIEW ingest_order_items_counted TO load_counts AS
SELECT account_id, load_id, 'order_items' AS kind, reason, '' AS campaign, count() AS rows FROM ingest_order_items GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW ingest_order_items_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'order_items' AS kind, reason FROM ingest_order_items WHERE reason != '';

CREATE TABLE ingest_web_events (
  account_id  LowCardinality(String),
  load_id     UInt64,
  line        UInt64,
  reason      LowCardinality(String),
  customer    FixedString(16),
  kind        LowCardinality(String),
  occurred_at DateTime64(3, 'UTC'),
  event_key   UInt64,
  webapp      LowCardinality(String),
  properties  String
) ENGINE = Null;

CREATE MATERIALIZED VIEW ingest_web_events_accepted TO web_events AS
SELECT * EXCEPT (line, reason) FROM ingest_web_events WHERE reason = '';

CREATE MATERIALIZED VIEW ingest_web_events_counted TO load_counts AS
SELECT account_id, load_id, 'web_events' AS kind, reason, '' AS campaign, count() AS rows FROM ingest_web_events GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW ingest_web_events_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'web_events' AS kind, reason FROM ingest_web_events WHERE reason != '';

CREATE TABLE ingest_customers (
  account_id  LowCardinality(String),
  load_id     UInt64,
  line        UInt64,
  reason      LowCardinality(String),
  customer    FixedString(16),
  country     LowCardinality(String),
  language    LowCardinality(String),
  signed_up   Nullable(Date),
  stage       LowCardinality(String),
  consent     Array(LowCardinality(String)),
  attributes  Map(LowCardinality(String), String),
  updated_at  DateTime64(3, 'UTC')
) ENGINE = Null;

CREATE MATERIALIZED VIEW ingest_customers_accepted TO customers AS
SELECT * EXCEPT (line, reason) FROM ingest_customers WHERE reason = '';

CREATE MATERIALIZED VIEW ingest_customers_counted TO load_counts AS
SELECT account_id, load_id, 'customers' AS kind, reason, '' AS campaign, count() AS rows FROM ingest_customers GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW ingest_customers_rejected TO load_rejects AS
SELECT account_id, load_id, line, 'customers' AS kind, reason FROM ingest_customers WHERE reason != '';
