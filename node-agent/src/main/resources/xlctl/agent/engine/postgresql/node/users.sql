-- For users

CREATE OR REPLACE PROCEDURE xl.ddl(statement text) LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
    IF statement IS NULL THEN
        RAISE EXCEPTION 'xl.ddl was given NULL in place of a statement: nothing was done'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'CALL xl.ddl($$ ... $$) takes one statement as a text.';
    END IF;
    CALL xl.not_inside_a_transaction_block();
    INSERT INTO xl.request (statement) VALUES (xl.without_password(ddl.statement)) RETURNING id INTO request;
    PERFORM xl.run(request);
END $xl$;

CREATE OR REPLACE PROCEDURE xl.create_table(statement text, distribute_by text, partitions int DEFAULT 32) LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
    IF statement IS NULL THEN
        RAISE EXCEPTION 'xl.create_table was given NULL in place of a statement: nothing was done'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'CALL xl.create_table($$ CREATE TABLE ... $$, ...) takes it as a text.';
    END IF;
    CALL xl.not_inside_a_transaction_block();
    INSERT INTO xl.request (statement, details) VALUES (create_table.statement,
        xl.distribution(distribute_by) OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('count', partitions))
        RETURNING id INTO request;
    PERFORM xl.run(request);
END $xl$;

CREATE OR REPLACE FUNCTION xl.sequence_id(sequence regclass) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    id bigint := (SELECT xl.stands_for(s) FROM pg_sequence s WHERE s.seqrelid = sequence);
BEGIN
    IF id IS NULL THEN
        RAISE EXCEPTION '% is no global sequence', sequence
            USING ERRCODE = 'wrong_object_type', HINT = 'CALL xl.ddl($$ CREATE SEQUENCE name $$) makes one.';
    END IF;
    RETURN id;
END $xl$;

CREATE OR REPLACE FUNCTION xl.take_block(sequence regclass, OUT first bigint, OUT last bigint, OUT step bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    -- A value, so that the GTM is asked for this row alone: each row that it sends costs a block.
    wanted CONSTANT bigint := xl.sequence_id(sequence);
BEGIN
    IF NOT has_sequence_privilege(xl.caller(), sequence, 'USAGE') THEN
        RAISE EXCEPTION 'permission denied for sequence %', sequence USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT b.first, b.step,
        CASE WHEN b.step > 0 THEN least(b.first::numeric + (b.block - 1)::numeric * b.step, b.greatest)
            ELSE greatest(b.first::numeric + (b.block - 1)::numeric * b.step, b.least) END
    INTO first, step, last
    FROM xl.block b WHERE b.id = wanted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the GTM has no numbers for %', sequence;
    END IF;
END $xl$;

-- The next number. A session takes them from the GTM in blocks, and keeps the rest of its block in a
-- cursor: rolling back does not give numbers back, as with nextval().
CREATE OR REPLACE FUNCTION xl.nextval(sequence regclass) RETURNS bigint
LANGUAGE plpgsql AS $xl$
DECLARE
    kept CONSTANT refcursor := pg_catalog.concat('xl_nextval_', sequence::pg_catalog.oid);
    number bigint;
    taken record;
BEGIN
    BEGIN
        FETCH kept INTO number;
        IF number IS NOT NULL THEN
            RETURN number;
        END IF;
        CLOSE kept;
    EXCEPTION WHEN invalid_cursor_name THEN
        NULL;
    END;
    taken := xl.take_block(sequence);
    EXECUTE pg_catalog.format('DECLARE %I CURSOR WITH HOLD FOR SELECT pg_catalog.generate_series(%s::bigint, %s::bigint, %s::bigint)',
        kept, taken.first, taken.last, taken.step);
    FETCH kept INTO number;
    RETURN number;
END $xl$;

CREATE OR REPLACE FUNCTION xl.set_sequence(request bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    asked xl.request := xl.taken(request);
    sequence regclass := (asked.details ->> 'sequence')::oid;
BEGIN
    IF NOT has_sequence_privilege(asked.role, sequence, 'UPDATE') THEN
        RAISE EXCEPTION 'permission denied for sequence %', sequence USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM xl.disconnect_left();
    PERFORM xl.connect_gtm('xl_gtm');
    PERFORM xl.ask('xl_gtm', 'the GTM',
        format('SELECT xl.set_sequence(%L, %L)', xl.sequence_id(sequence), asked.details ->> 'value'));
    PERFORM xl.disconnect(ARRAY['xl_gtm']);
EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM xl.disconnect(ARRAY['xl_gtm']);
    RAISE;
END $xl$;

-- The number after value is the next of all sessions that take a new block.
CREATE OR REPLACE FUNCTION xl.setval(sequence regclass, value bigint) RETURNS bigint
LANGUAGE plpgsql AS $xl$
DECLARE
    kept CONSTANT refcursor := pg_catalog.concat('xl_nextval_', sequence::pg_catalog.oid);
    request bigint;
BEGIN
    INSERT INTO xl.request (statement, details)
        VALUES ('setval', pg_catalog.jsonb_build_object('sequence', sequence::pg_catalog.oid::pg_catalog.text, 'value', value))
        RETURNING id INTO request;
    PERFORM xl.set_sequence(request);
    BEGIN
        CLOSE kept;
    EXCEPTION WHEN invalid_cursor_name THEN
        NULL;
    END;
    RETURN value;
END $xl$;

-- The answers of other nodes, each from a connection of its own that is not committed.
CREATE OR REPLACE FUNCTION xl.fetch(targets name[], command text) RETURNS TABLE (node_name name, answer json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    connections text[] := '{}';
    nodes name[] := '{}';
    node record;
    message text; detail text; hint text; state text;
BEGIN
    PERFORM xl.disconnect_left();
    FOR node IN SELECT n.* FROM pgxc_node n WHERE n.node_name = ANY (targets) ORDER BY n.node_name LOOP
        nodes := nodes || node.node_name;
        connections := connections || format('xl_%s', cardinality(nodes));
        PERFORM xl.connect(connections[cardinality(nodes)], node.node_name, node.node_host, node.node_port::text, current_database());
        PERFORM xl.dblink_exec(connections[cardinality(nodes)], 'BEGIN');
        PERFORM xl.dblink_send_query(connections[cardinality(nodes)], command);
    END LOOP;
    FOR i IN 1 .. cardinality(nodes) LOOP
        PERFORM xl.await(connections[i], NULL);
        node_name := nodes[i];
        BEGIN
            FOR answer IN SELECT t.r FROM xl.dblink_get_result(connections[i]) AS t (r json) LOOP
                RETURN NEXT;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
            PERFORM xl.fail(state, xl.said_by(nodes[i]) || message, detail, hint);
        END;
    END LOOP;
    PERFORM xl.disconnect(connections);
EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM xl.disconnect(connections);
    RAISE;
END $xl$;

-- A query on other nodes as who asks, read-only, in transactions of their own.
CREATE OR REPLACE FUNCTION xl.query_on(targets name[], request bigint) RETURNS TABLE (node_name name, answer json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    asked xl.request := xl.taken(request);
BEGIN
    RETURN QUERY SELECT *
        FROM xl.fetch(targets, format('SELECT xl.query_as(%L, %L, %L)', asked.role, asked.path, asked.statement));
END $xl$;

CREATE OR REPLACE FUNCTION xl.execute_direct(node text, query text) RETURNS SETOF json
LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pgxc_node n WHERE n.node_name OPERATOR(pg_catalog.=) node::pg_catalog.name) THEN
        RAISE EXCEPTION 'there is no node "%"', node
            USING ERRCODE = 'undefined_object', HINT = 'SELECT node_name FROM pgxc_node';
    END IF;
    INSERT INTO xl.request (statement) VALUES (query) RETURNING id INTO request;
    RETURN QUERY SELECT q.answer FROM xl.query_on(ARRAY[node]::pg_catalog.name[], request) q;
END $xl$;

CREATE OR REPLACE FUNCTION xl.execute_on_datanodes(query text) RETURNS TABLE (node_name name, "row" json)
LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
    INSERT INTO xl.request (statement) VALUES (query) RETURNING id INTO request;
    RETURN QUERY SELECT q.node_name, q.answer FROM xl.query_on(
        (SELECT pg_catalog.array_agg(n.node_name) FROM pg_catalog.pgxc_node n WHERE n.node_type OPERATOR(pg_catalog.=) 'D'), request) q;
END $xl$;

-- Every table of this node that stores rows, with what its statistics say.
CREATE OR REPLACE FUNCTION xl.stored() RETURNS SETOF json
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT json_build_object('schema', n.nspname, 'name', c.relname,
        'rows', coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0), greatest(c.reltuples, 0)::bigint),
        'bytes', pg_total_relation_size(c.oid))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'xl')
$xl$;

CREATE OR REPLACE FUNCTION xl.table_list() RETURNS TABLE (
    table_name regclass, distribution text, partitions jsonb, rows bigint, bytes bigint, per_node jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    WITH stored AS (
        SELECT q.node_name, s.*
        FROM xl.fetch((SELECT array_agg(n.node_name) FROM pgxc_node n WHERE n.node_type = 'D'), 'SELECT xl.stored()') q,
            json_to_record(q.answer) AS s (schema name, name name, rows bigint, bytes bigint)
    ), per_node AS (
        SELECT p.table_name, p.node_name, bool_or(p.partition ~ '^r') AS replicated, count(*) AS partitions,
            sum(s.rows)::bigint AS rows, sum(s.bytes)::bigint AS bytes
        FROM xl.partitions p LEFT JOIN stored s
            ON s.node_name = p.node_name AND s.schema = p.remote_schema AND s.name = p.remote_name
        WHERE p.table_name IS NOT NULL
        GROUP BY p.table_name, p.node_name
    )
    SELECT table_name,
        CASE WHEN bool_or(replicated) THEN 'replication'
            ELSE regexp_replace(pg_get_partkeydef(table_name), '^HASH \(', 'hash(') END,
        jsonb_object_agg(node_name, partitions), sum(rows)::bigint, sum(bytes)::bigint,
        jsonb_object_agg(node_name, rows)
    FROM per_node GROUP BY table_name
$xl$;

-- The tables of this database over the cluster; rows and bytes are estimated, as datanodes say now.
CREATE OR REPLACE VIEW xl.tables AS
    SELECT table_name, distribution, partitions, rows, bytes, per_node AS rows_per_datanode FROM xl.table_list();

CREATE OR REPLACE VIEW xl.sequences AS
    SELECT s.seqrelid::regclass AS sequence_name, b.step, b.block, b.least, b.greatest
    FROM pg_sequence s JOIN xl.sequence_numbers b ON b.id = xl.stands_for(s);
