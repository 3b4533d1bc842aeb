-- What was ordered and which opt-ins were asked and given. One statement per ';' at a line's end.
-- product is the platform's own key of a product or of a configuration of one; '': not told. opt_ins: name → given (true) or declined (false); a name that is
-- absent was not asked, so that null is not zero. Names come in the order of text, so that equal opt-ins are equal maps.

ALTER TABLE orders ADD COLUMN product LowCardinality(String), ADD COLUMN opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE load_order_lines ADD COLUMN product LowCardinality(String), ADD COLUMN opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE ingest_orders ADD COLUMN product LowCardinality(String), ADD COLUMN opt_ins Map(LowCardinality(String), Bool);

-- A view's query is replaced in place: nothing that arrives meanwhile is lost.
ALTER TABLE ingest_orders_accepted MODIFY QUERY
SELECT * EXCEPT (line, reason) FROM ingest_orders WHERE reason = '';

ALTER TABLE affected_orders ADD COLUMN product LowCardinality(String), ADD COLUMN opt_ins Map(LowCardinality(String), Bool);

ALTER TABLE attributions ADD COLUMN product LowCardinality(String), ADD COLUMN opt_ins Map(LowCardinality(String), Bool);

-- Orders by product ('' included: the values add up to orders) and by opt-in: how many were asked, and how many of these gave it (0 where all declined).
-- Rows of before these columns have empty maps: whoever reads takes the difference between orders and the sum over products as orders of an unknown product (''),
-- as sumMap(if(empty(products), map('', orders), products)) does, and no opt-in as asked.
ALTER TABLE order_facts ADD COLUMN products Map(LowCardinality(String), UInt64), ADD COLUMN opt_ins_asked Map(LowCardinality(String), UInt64), ADD COLUMN opt_ins_given Map(LowCardinality(String), UInt64);
