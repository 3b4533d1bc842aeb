CREATE TABLE IF NOT EXISTS mercat.events_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/events', '{replica}', version)
ORDER BY (account_id, campaign, message, event, event_key);

CREATE TABLE IF NOT EXISTS mercat.events ON CLUSTER mercat_cluster AS mercat.events_local ENGINE = Distributed(mercat_cluster, mercat, events_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.orders_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/orders', '{replica}', version)
ORDER BY (account_id, order_key);

CREATE TABLE IF NOT EXISTS mercat.orders ON CLUSTER mercat_cluster AS mercat.orders_local ENGINE = Distributed(mercat_cluster, mercat, orders_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.order_items_local ON CLUSTER mercat_cluster (
  account_id LowCardinality(String),
  order_key  FixedString(16),
  item_key   UInt64,
  product    String,
  quantity   Decimal(38, 6),
  unit_price Decimal(38, 6),
  amount     Decimal(38, 6),
  load_id    UInt64 CODEC(Delta, ZSTD(1))
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/order_items', '{replica}', load_id)
ORDER BY (account_id, order_key, item_key);

CREATE TABLE IF NOT EXISTS mercat.order_items ON CLUSTER mercat_cluster AS mercat.order_items_local ENGINE = Distributed(mercat_cluster, mercat, order_items_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.web_events_local ON CLUSTER mercat_cluster (
  account_id  LowCardinality(String),
  customer    FixedString(16),
  kind        LowCardinality(String),
  occurred_at DateTime64(3, 'UTC'),
  event_key   UInt64,
  webapp      LowCardinality(String),
  properties  String CODEC(ZSTD(1)),
  load_id     UInt64 CODEC(Delta, ZSTD(1)),
  INDEX by_load load_id TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/web_events', '{replica}', load_id)
ORDER BY (account_id, customer, kind, occurred_at, event_key);

CREATE TABLE IF NOT EXISTS mercat.web_events ON CLUSTER mercat_cluster AS mercat.web_events_local ENGINE = Distributed(mercat_cluster, mercat, web_events_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.customers_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/customers', '{replica}', updated_at)
ORDER BY (account_id, customer);

CREATE TABLE IF NOT EXISTS mercat.customers ON CLUSTER mercat_cluster AS mercat.customers_local ENGINE = Distributed(mercat_cluster, mercat, customers_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.fact_generations_local ON CLUSTER mercat_cluster (
  account_id LowCardinality(String),
  family     Enum8('messages'=1,'orders'=2,'uplift'=3),
  campaign   LowCardinality(String),
  generation UInt64,
  earliest   Nullable(DateTime64(3, 'UTC')),
  latest     Nullable(DateTime64(3, 'UTC')),
  built_at   DateTime64(3, 'UTC')
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/fact_generations', '{replica}')
ORDER BY (account_id, family, campaign, generation);

CREATE TABLE IF NOT EXISTS mercat.fact_generations ON CLUSTER mercat_cluster AS mercat.fact_generations_local ENGINE = Distributed(mercat_cluster, mercat, fact_generations_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.message_facts_local ON CLUSTER mercat_cluster (
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
  earliest           DateTime64(3, 'UTC'),
  latest             DateTime64(3, 'UTC'),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/message_facts', '{replica}')
ORDER BY (account_id, basis, day, campaign, generation);

CREATE TABLE IF NOT EXISTS mercat.message_facts ON CLUSTER mercat_cluster AS mercat.message_facts_local ENGINE = Distributed(mercat_cluster, mercat, message_facts_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.touches_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/touches', '{replica}')
ORDER BY (account_id, customer, touched_at);

CREATE TABLE IF NOT EXISTS mercat.touches ON CLUSTER mercat_cluster AS mercat.touches_local ENGINE = Distributed(mercat_cluster, mercat, touches_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.attributions_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/attributions', '{replica}', generation)
ORDER BY (account_id, order_key);

CREATE TABLE IF NOT EXISTS mercat.attributions ON CLUSTER mercat_cluster AS mercat.attributions_local ENGINE = Distributed(mercat_cluster, mercat, attributions_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.affected_orders_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/affected_orders', '{replica}')
ORDER BY (account_id, generation, order_key);

CREATE TABLE IF NOT EXISTS mercat.affected_orders ON CLUSTER mercat_cluster AS mercat.affected_orders_local ENGINE = Distributed(mercat_cluster, mercat, affected_orders_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.order_facts_local ON CLUSTER mercat_cluster (
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
  earliest   DateTime64(3, 'UTC'),
  latest     DateTime64(3, 'UTC'),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/order_facts', '{replica}')
ORDER BY (account_id, basis, day, campaign, generation);

CREATE TABLE IF NOT EXISTS mercat.order_facts ON CLUSTER mercat_cluster AS mercat.order_facts_local ENGINE = Distributed(mercat_cluster, mercat, order_facts_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.assignments_local ON CLUSTER mercat_cluster (
  account_id  LowCardinality(String),
  generation  UInt64,
  campaign    LowCardinality(String),
  customer    FixedString(16),
  assigned_at DateTime64(3, 'UTC'),
  arm         Enum8('treated'=1,'held_out'=2),
  window_ms   Int64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/assignments', '{replica}')
ORDER BY (account_id, generation, campaign, customer);

CREATE TABLE IF NOT EXISTS mercat.assignments ON CLUSTER mercat_cluster AS mercat.assignments_local ENGINE = Distributed(mercat_cluster, mercat, assignments_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.uplift_facts_local ON CLUSTER mercat_cluster (
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
  revenue_squares Decimal(76, 12)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/uplift_facts', '{replica}')
ORDER BY (account_id, campaign, generation, day);

CREATE TABLE IF NOT EXISTS mercat.uplift_facts ON CLUSTER mercat_cluster AS mercat.uplift_facts_local ENGINE = Distributed(mercat_cluster, mercat, uplift_facts_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.load_counts_local ON CLUSTER mercat_cluster (
  account_id LowCardinality(String),
  load_id    UInt64,
  kind       LowCardinality(String),
  reason     LowCardinality(String),
  campaign   LowCardinality(String),
  rows       UInt64
) ENGINE = ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/mercat/load_counts', '{replica}', rows)
ORDER BY (account_id, load_id, kind, reason, campaign);

CREATE TABLE IF NOT EXISTS mercat.load_counts ON CLUSTER mercat_cluster AS mercat.load_counts_local ENGINE = Distributed(mercat_cluster, mercat, load_counts_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.load_rejects_local ON CLUSTER mercat_cluster (
  account_id LowCardinality(String),
  load_id    UInt64,
  line       UInt64,
  kind       LowCardinality(String),
  reason     LowCardinality(String)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/load_rejects', '{replica}')
ORDER BY (account_id, load_id, line);

CREATE TABLE IF NOT EXISTS mercat.load_rejects ON CLUSTER mercat_cluster AS mercat.load_rejects_local ENGINE = Distributed(mercat_cluster, mercat, load_rejects_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.load_order_lines_local ON CLUSTER mercat_cluster (
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
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/load_order_lines', '{replica}')
ORDER BY (account_id, load_id, order_key);

CREATE TABLE IF NOT EXISTS mercat.load_order_lines ON CLUSTER mercat_cluster AS mercat.load_order_lines_local ENGINE = Distributed(mercat_cluster, mercat, load_order_lines_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.load_order_lines_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'orders' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM mercat.load_order_lines_local WHERE reason != '') GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.load_order_lines_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'orders' AS kind, reason FROM mercat.load_order_lines_local WHERE reason != '';

CREATE TABLE IF NOT EXISTS mercat.ingest_events_local ON CLUSTER mercat_cluster (
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

CREATE TABLE IF NOT EXISTS mercat.ingest_events ON CLUSTER mercat_cluster AS mercat.ingest_events_local ENGINE = Distributed(mercat_cluster, mercat, ingest_events_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_events_accepted ON CLUSTER mercat_cluster TO mercat.events_local AS SELECT * EXCEPT (line, reason) FROM mercat.ingest_events_local WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_events_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'events' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM mercat.ingest_events_local) GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_events_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'events' AS kind, reason FROM mercat.ingest_events_local WHERE reason != '';

CREATE TABLE IF NOT EXISTS mercat.ingest_orders_local ON CLUSTER mercat_cluster (
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

CREATE TABLE IF NOT EXISTS mercat.ingest_orders ON CLUSTER mercat_cluster AS mercat.ingest_orders_local ENGINE = Distributed(mercat_cluster, mercat, ingest_orders_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_orders_accepted ON CLUSTER mercat_cluster TO mercat.orders_local AS SELECT * EXCEPT (line, reason) FROM mercat.ingest_orders_local WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_orders_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'orders' AS kind, reason, campaign, count() AS rows FROM (SELECT account_id, load_id, reason, if(reason = '', campaign, '') AS campaign FROM mercat.ingest_orders_local) GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_orders_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'orders' AS kind, reason FROM mercat.ingest_orders_local WHERE reason != '';

CREATE TABLE IF NOT EXISTS mercat.ingest_order_items_local ON CLUSTER mercat_cluster (
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

CREATE TABLE IF NOT EXISTS mercat.ingest_order_items ON CLUSTER mercat_cluster AS mercat.ingest_order_items_local ENGINE = Distributed(mercat_cluster, mercat, ingest_order_items_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_order_items_accepted ON CLUSTER mercat_cluster TO mercat.order_items_local AS SELECT * EXCEPT (line, reason) FROM mercat.ingest_order_items_local WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_order_items_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'order_items' AS kind, reason, '' AS campaign, count() AS rows FROM mercat.ingest_order_items_local GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_order_items_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'order_items' AS kind, reason FROM mercat.ingest_order_items_local WHERE reason != '';

CREATE TABLE IF NOT EXISTS mercat.ingest_web_events_local ON CLUSTER mercat_cluster (
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

CREATE TABLE IF NOT EXISTS mercat.ingest_web_events ON CLUSTER mercat_cluster AS mercat.ingest_web_events_local ENGINE = Distributed(mercat_cluster, mercat, ingest_web_events_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_web_events_accepted ON CLUSTER mercat_cluster TO mercat.web_events_local AS SELECT * EXCEPT (line, reason) FROM mercat.ingest_web_events_local WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_web_events_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'web_events' AS kind, reason, '' AS campaign, count() AS rows FROM mercat.ingest_web_events_local GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_web_events_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'web_events' AS kind, reason FROM mercat.ingest_web_events_local WHERE reason != '';

CREATE TABLE IF NOT EXISTS mercat.ingest_customers_local ON CLUSTER mercat_cluster (
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

CREATE TABLE IF NOT EXISTS mercat.ingest_customers ON CLUSTER mercat_cluster AS mercat.ingest_customers_local ENGINE = Distributed(mercat_cluster, mercat, ingest_customers_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_customers_accepted ON CLUSTER mercat_cluster TO mercat.customers_local AS SELECT * EXCEPT (line, reason) FROM mercat.ingest_customers_local WHERE reason = '';

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_customers_counted ON CLUSTER mercat_cluster TO mercat.load_counts_local AS SELECT account_id, load_id, 'customers' AS kind, reason, '' AS campaign, count() AS rows FROM mercat.ingest_customers_local GROUP BY account_id, load_id, reason, campaign;

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_customers_rejected ON CLUSTER mercat_cluster TO mercat.load_rejects_local AS SELECT account_id, load_id, line, 'customers' AS kind, reason FROM mercat.ingest_customers_local WHERE reason != '';

ALTER TABLE mercat.events_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS inbox LowCardinality(String), ADD COLUMN IF NOT EXISTS error String CODEC(ZSTD(1));

ALTER TABLE mercat.events ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS inbox LowCardinality(String), ADD COLUMN IF NOT EXISTS error String CODEC(ZSTD(1));

ALTER TABLE mercat.ingest_events_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS inbox LowCardinality(String), ADD COLUMN IF NOT EXISTS error String;

ALTER TABLE mercat.ingest_events ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS inbox LowCardinality(String), ADD COLUMN IF NOT EXISTS error String;

ALTER TABLE mercat.ingest_events_accepted ON CLUSTER mercat_cluster MODIFY QUERY SELECT * EXCEPT (line, reason) FROM mercat.ingest_events_local WHERE reason = '';

CREATE TABLE IF NOT EXISTS mercat.message_errors_local ON CLUSTER mercat_cluster (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  message      FixedString(16),
  event        Enum8('bounced'=8,'failed'=9),
  event_key    UInt64,
  occurred_at  DateTime64(3, 'UTC'),
  channel      LowCardinality(String),
  bounce_type  Enum8(''=0,'hard'=1,'soft'=2),
  error        String CODEC(ZSTD(1)),
  load_id      UInt64 CODEC(Delta, ZSTD(1)),
  version      UInt64,
  INDEX by_time occurred_at TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/mercat/message_errors', '{replica}', version)
ORDER BY (account_id, campaign, message, event, event_key);

CREATE TABLE IF NOT EXISTS mercat.message_errors ON CLUSTER mercat_cluster AS mercat.message_errors_local ENGINE = Distributed(mercat_cluster, mercat, message_errors_local, cityHash64(account_id));

CREATE MATERIALIZED VIEW IF NOT EXISTS mercat.ingest_events_errors ON CLUSTER mercat_cluster TO mercat.message_errors_local AS SELECT account_id, campaign, message, toString(event) AS event, event_key, occurred_at, channel, bounce_type, error, load_id, version FROM mercat.ingest_events_local WHERE reason = '' AND event IN ('bounced', 'failed');

INSERT INTO message_errors (account_id, campaign, message, event, event_key, occurred_at, channel, bounce_type, error, load_id, version)
SELECT account_id, campaign, message, toString(event), event_key, occurred_at, channel, bounce_type, error, load_id, version FROM events WHERE event IN ('bounced', 'failed');

CREATE TABLE IF NOT EXISTS mercat.counted_messages_local ON CLUSTER mercat_cluster (
  account_id         LowCardinality(String),
  generation         UInt64,
  campaign           LowCardinality(String),
  basis              Enum8('send'=1,'event'=2),
  day                Date,
  channel            LowCardinality(String),
  country            LowCardinality(String),
  variant            LowCardinality(String),
  inbox              LowCardinality(String),
  sends              UInt64,
  derived_deliveries UInt64,
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
  earliest           DateTime64(3, 'UTC'),
  latest             DateTime64(3, 'UTC')
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/counted_messages', '{replica}')
ORDER BY (account_id, generation, campaign);

CREATE TABLE IF NOT EXISTS mercat.counted_messages ON CLUSTER mercat_cluster AS mercat.counted_messages_local ENGINE = Distributed(mercat_cluster, mercat, counted_messages_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.inbox_facts_local ON CLUSTER mercat_cluster (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  generation   UInt64,
  basis        Enum8('send'=1,'event'=2),
  day          Date,
  inbox        LowCardinality(String),
  sends        UInt64,
  deliveries   UInt64,
  opens        UInt64,
  clicks       UInt64,
  unsubscribes UInt64,
  complaints   UInt64,
  hard_bounces UInt64,
  soft_bounces UInt64,
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/inbox_facts', '{replica}')
ORDER BY (account_id, basis, day, campaign, generation);

CREATE TABLE IF NOT EXISTS mercat.inbox_facts ON CLUSTER mercat_cluster AS mercat.inbox_facts_local ENGINE = Distributed(mercat_cluster, mercat, inbox_facts_local, cityHash64(account_id));

ALTER TABLE mercat.customers_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS channels UInt8 DEFAULT arraySum(channel -> transform(toString(channel), ['Email', 'SMS', 'WhatsApp', 'Viber', 'MobilePush', 'WebPush'], [1, 2, 4, 8, 16, 32], 0), arrayDistinct(consent));

ALTER TABLE mercat.customers ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS channels UInt8 DEFAULT arraySum(channel -> transform(toString(channel), ['Email', 'SMS', 'WhatsApp', 'Viber', 'MobilePush', 'WebPush'], [1, 2, 4, 8, 16, 32], 0), arrayDistinct(consent));

ALTER TABLE mercat.customers_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS customer_number UInt64 DEFAULT reinterpretAsUInt64(customer);

ALTER TABLE mercat.customers ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS customer_number UInt64 DEFAULT reinterpretAsUInt64(customer);

CREATE TABLE IF NOT EXISTS mercat.messages_local ON CLUSTER mercat_cluster (
  account_id   LowCardinality(String),
  campaign     LowCardinality(String),
  generation   UInt64,
  message      FixedString(16),
  customer     FixedString(16),
  channel      LowCardinality(String),
  country      LowCardinality(String),
  variant      LowCardinality(String),
  inbox        LowCardinality(String),
  sent         Int64,
  held         Int64,
  delivered    Int64,
  opens        Array(Int64),
  machine_open Int64,
  clicks       Array(Int64),
  bot_clicks   Array(Int64),
  unsubscribed Int64,
  complained   Int64,
  hard         Int64,
  soft         Int64,
  failed       Int64,
  first_at     Int64,
  last_at      Int64,
  INDEX by_sent sent TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/messages', '{replica}')
ORDER BY (account_id, campaign, generation, message);

CREATE TABLE IF NOT EXISTS mercat.messages ON CLUSTER mercat_cluster AS mercat.messages_local ENGINE = Distributed(mercat_cluster, mercat, messages_local, cityHash64(account_id));

CREATE TABLE IF NOT EXISTS mercat.engagements_local ON CLUSTER mercat_cluster (
  account_id      LowCardinality(String),
  kind            Enum8('opened'=1,'clicked'=2,'unsubscribed'=3,'complained'=4,'hard'=5,'soft'=6),
  at              DateTime('UTC'),
  customer_number UInt64,
  message_number  UInt64,
  fact            UInt64,
  campaign        LowCardinality(String),
  generation      UInt64,
  channel         LowCardinality(String),
  country         LowCardinality(String),
  variant         LowCardinality(String),
  INDEX by_generation generation TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/mercat/engagements', '{replica}')
ORDER BY (account_id, kind, at);

CREATE TABLE IF NOT EXISTS mercat.engagements ON CLUSTER mercat_cluster AS mercat.engagements_local ENGINE = Distributed(mercat_cluster, mercat, engagements_local, cityHash64(account_id));

ALTER TABLE mercat.orders_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.orders ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.load_order_lines_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.load_order_lines ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.ingest_orders_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.ingest_orders ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.ingest_orders_accepted ON CLUSTER mercat_cluster MODIFY QUERY SELECT * EXCEPT (line, reason) FROM mercat.ingest_orders_local WHERE reason = '';

ALTER TABLE mercat.affected_orders_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.affected_orders ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.attributions_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.attributions ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS product LowCardinality(String), ADD COLUMN IF NOT EXISTS opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE mercat.order_facts_local ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS products Map(LowCardinality(String), UInt64), ADD COLUMN IF NOT EXISTS opt_ins_asked Map(LowCardinality(String), UInt64), ADD COLUMN IF NOT EXISTS opt_ins_given Map(LowCardinality(String), UInt64);

ALTER TABLE mercat.order_facts ON CLUSTER mercat_cluster ADD COLUMN IF NOT EXISTS products Map(LowCardinality(String), UInt64), ADD COLUMN IF NOT EXISTS opt_ins_asked Map(LowCardinality(String), UInt64), ADD COLUMN IF NOT EXISTS opt_ins_given Map(LowCardinality(String), UInt64);
