-- A DDL on all nodes or on none

CREATE OR REPLACE FUNCTION xl.taken(request bigint) RETURNS xl.request
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    asked xl.request;
BEGIN
    DELETE FROM xl.request r WHERE r.id = request RETURNING r.* INTO asked;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no request %', request USING ERRCODE = 'undefined_object';
    END IF;
    RETURN asked;
END $xl$;

CREATE OR REPLACE FUNCTION xl.patience() RETURNS interval
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT coalesce(nullif(current_setting('xl.lock_timeout', true), ''), '30s')::interval
$xl$;

-- The statement with each password replaced by its SCRAM verifier. Only statements about roles are
-- looked at; xl.apply sees to it that a password comes by no other way.
CREATE OR REPLACE FUNCTION xl.without_password(statement text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    given text[];
    verifier text;
BEGIN
    IF statement !~* '^\s*(create|alter)\s+(role|user|group)\s' THEN
        RETURN statement;
    END IF;
    given := regexp_match(statement, '(\mpassword\s+)(''(?:[^'']|'''')*'')', 'i');
    IF given IS NULL OR given[2] LIKE '''SCRAM-SHA-256$%' THEN
        RETURN statement;
    END IF;
    verifier := xl.verifier(replace(substr(given[2], 2, length(given[2]) - 2), '''''', ''''));
    RETURN overlay(statement PLACING quote_literal(verifier)
        FROM strpos(statement, given[1] || given[2]) + length(given[1]) FOR length(given[2]));
END $xl$;

-- The SCRAM verifier of a password, as the server makes it for a role; the role is undone.
CREATE OR REPLACE FUNCTION xl.verifier(password text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET password_encryption = 'scram-sha-256' AS $xl$
DECLARE
    role name := 'xl_' || gen_random_uuid();
    made text;
BEGIN
    BEGIN
        EXECUTE format('CREATE ROLE %I PASSWORD %L', role, password);
        SELECT rolpassword INTO made FROM pg_authid WHERE rolname = role;
        RAISE EXCEPTION USING ERRCODE = 'XL000';
    EXCEPTION WHEN SQLSTATE 'XL000' THEN
        NULL;
    END;
    RETURN made;
END $xl$;

CREATE OR REPLACE FUNCTION xl.run(request bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    gtm CONSTANT text := 'xl_gtm';
    me pgxc_node := xl.self();
    asked xl.request := xl.taken(request);
    role CONSTANT name := asked.role;
    statement CONSTANT text := asked.statement;
    table_spec jsonb;
    node record;
    connections text[];
    nodes name[];
    membership text;
    coordinators int := 0;
    gid text;
    number bigint;
    apply text;
    sequences jsonb;
    prepared int := 0;
    deciding boolean := false;
    decided boolean := false;
    unconfirmed text[] := '{}';
BEGIN
    IF me.node_type <> 'C' THEN
        RAISE EXCEPTION '% is a datanode: definitions are changed through coordinators', me.node_name
            USING ERRCODE = 'feature_not_supported';
    END IF;
    PERFORM xl.disconnect_left();
    PERFORM xl.connect_gtm(gtm);
    PERFORM xl.ask(gtm, 'the GTM', format('SELECT xl.lock_ddl(%L, %L)',
        format('%s at %s, pid %s', role, me.node_name, pg_backend_pid()), xl.patience()));
    -- Before the nodes themselves are read: should the topology change meanwhile, this node refuses.
    membership := xl.membership();
    FOR node IN SELECT * FROM pgxc_node ORDER BY node_name <> me.node_name, node_type LOOP
        coordinators := coordinators + (node.node_type = 'C')::int;
        connections := connections || format('xl_%s', cardinality(coalesce(connections, '{}')) + 1);
        nodes := nodes || node.node_name;
        PERFORM xl.connect(connections[cardinality(connections)], node.node_name, node.node_host, node.node_port::text, current_database());
    END LOOP;
    number := xl.ask(gtm, 'the GTM', format('SELECT xl.begin_ddl(%L, %L, %L)', current_database(), me.node_name, role));
    gid := 'xl_ddl_' || number;
    IF asked.details IS NOT NULL THEN
        table_spec := xl.placed(number, asked.details);
    END IF;
    PERFORM xl.at('begun');
    PERFORM xl.ask_all(connections, nodes,
        format('BEGIN; SET LOCAL lock_timeout = %L', (extract(epoch FROM xl.patience()) * 1000)::bigint));
    IF strpos(statement, 'SCRAM-SHA-256$') > 0 THEN
        PERFORM xl.ask_all(connections, nodes, 'SELECT xl.hide()');
    END IF;
    apply := format('SELECT xl.apply(%L, %L, %L, %L, %L, %L)', number, membership, role, asked.path, statement, table_spec);
    sequences := xl.ask(connections[1], nodes[1], apply);
    PERFORM xl.at('applied 1');
    -- Statements of users lock a table on their coordinator first, and then on datanodes. So does this.
    PERFORM xl.ask_all(connections[2:coordinators], nodes[2:coordinators], apply);
    PERFORM xl.ask_all(connections[coordinators + 1:], nodes[coordinators + 1:], apply);
    apply := format('SELECT xl.require_homes(%L)', xl.ask(connections[1], nodes[1], 'SELECT xl.homes()'));
    PERFORM xl.ask_all(connections, nodes, apply);
    PERFORM xl.at('applied');
    FOR i IN 1 .. cardinality(nodes) LOOP
        PERFORM xl.ask(connections[i], nodes[i], format('PREPARE TRANSACTION %L', gid));
        prepared := i;
        PERFORM xl.at('prepared ' || i);
    END LOOP;
    deciding := true;
    decided := xl.ask(gtm, 'the GTM', format('SELECT xl.commit_ddl(%L, %L, %L)', number,
        regexp_replace(statement, 'SCRAM-SHA-256\$[^'']*', '********', 'g'), sequences));
    deciding := false;
    IF NOT decided THEN
        RAISE EXCEPTION 'the GTM has decided against it: the DDL lock was lost'
            USING HINT = 'Try again.';
    END IF;
    PERFORM xl.at('decided');
    -- Datanodes first: until they are done, coordinators let no statement through to them.
    FOR i IN REVERSE cardinality(nodes) .. 1 LOOP
        BEGIN
            PERFORM xl.ask(connections[i], nodes[i], format('COMMIT PREPARED %L', gid), xl.patience());
        EXCEPTION
            -- The node's agent was faster, or does it now.
            WHEN undefined_object OR object_not_in_prerequisite_state THEN NULL;
            WHEN OTHERS THEN
                unconfirmed := unconfirmed || SQLERRM;
        END;
        PERFORM xl.at('committed ' || i);
    END LOOP;
    IF cardinality(unconfirmed) = 0 THEN
        PERFORM xl.ask(gtm, 'the GTM', format('SELECT xl.finish_ddl(%L)', number));
    ELSE
        RAISE WARNING 'done, but not confirmed by all nodes: %', array_to_string(unconfirmed, '; ')
            USING HINT = 'Their agents finish it.';
    END IF;
    PERFORM xl.disconnect(connections || gtm);
EXCEPTION WHEN query_canceled OR OTHERS THEN
    -- The GTM refused a sequence, and with it all that it was asked: its answer ends there.
    IF deciding AND SQLSTATE ~ '^22' THEN
        deciding := false;
        PERFORM FROM xl.dblink_get_result(gtm, false) AS t (answer text);
    END IF;
    -- In doubt, and once it is decided, the agents of the nodes go by the record.
    IF NOT deciding AND NOT decided THEN
        PERFORM xl.give_up(number, gid, connections, nodes, prepared);
    END IF;
    PERFORM xl.disconnect(connections || gtm);
    IF deciding THEN
        RAISE WARNING 'whether it was done is not known here: the GTM was lost while it decided'
            USING HINT = 'The agents of the nodes finish it one way or the other.';
    ELSIF decided THEN
        RAISE WARNING 'it was decided before this happened: the agents of the nodes finish it';
    END IF;
    RAISE;
END $xl$;

CREATE OR REPLACE FUNCTION xl.give_up(number bigint, gid text, connections text[], nodes name[], prepared int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM xl.disconnect(connections[prepared + 1:]);
    FOR i IN 1 .. prepared LOOP
        BEGIN
            PERFORM xl.ask(connections[i], nodes[i], format('ROLLBACK PREPARED %L', gid), '5s');
        EXCEPTION WHEN query_canceled OR OTHERS THEN
            RAISE WARNING '%', SQLERRM USING HINT = 'Its agent undoes what is left there.';
        END;
    END LOOP;
    IF number IS NOT NULL THEN
        PERFORM xl.ask('xl_gtm', 'the GTM', format('SELECT xl.abandon_ddl(%L)', number), '5s');
    END IF;
EXCEPTION WHEN query_canceled OR OTHERS THEN
    RAISE WARNING '%', SQLERRM;
END $xl$;

-- Says which datanode has which partition of a new table, or all of it.
CREATE OR REPLACE FUNCTION xl.placed(number bigint, spec jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    datanodes name[] := (SELECT array_agg(node_name ORDER BY node_name) FROM pgxc_node WHERE node_type = 'D');
    count int := cardinality(datanodes);
    partitions int := spec ->> 'count';
BEGIN
    IF datanodes IS NULL THEN
        RAISE EXCEPTION 'the cluster has no datanode that could have rows' USING HINT = 'add datanode master ...';
    END IF;
    IF NOT spec ? 'keys' THEN
        RETURN jsonb_build_object('id', number, 'home', datanodes[1 + number % count]);
    END IF;
    IF partitions < count OR partitions > 1024 OR partitions IS NULL THEN
        RAISE EXCEPTION '% partitions are not possible', coalesce(partitions::text, 'null')
            USING ERRCODE = 'invalid_parameter_value',
                HINT = format('Allowed are %s, one for each datanode, to 1024. Their number is fixed for the table; more of them can be spread over more datanodes later.', count);
    END IF;
    RETURN jsonb_build_object('id', number, 'keys', spec -> 'keys', 'partitions',
        (SELECT jsonb_agg(datanodes[1 + (p - 1) % count] ORDER BY p) FROM generate_series(1, partitions) p));
END $xl$;

-- What distribute_by says: {"keys": [...]}, or {} for replication.
CREATE OR REPLACE FUNCTION xl.distribution(distribute_by text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    name_pattern CONSTANT text := '\s*("(?:[^"]|"")+"|[[:alpha:]_][[:alnum:]_$]*)\s*';
    list text := (regexp_match(distribute_by, '^\s*hash\s*\((.*)\)\s*$', 'i'))[1];
BEGIN
    IF distribute_by ~* '^\s*replication\s*$' THEN
        RETURN '{}';
    END IF;
    IF list IS NULL OR list !~ ('^' || name_pattern || '(,' || name_pattern || ')*$') THEN
        RAISE EXCEPTION 'distribute_by => % is not understood', coalesce(quote_literal(distribute_by), 'null')
            USING ERRCODE = 'invalid_parameter_value', HINT = '''hash(column)'', ''hash(column, column)'' or ''replication''.';
    END IF;
    RETURN jsonb_build_object('keys', (
        SELECT jsonb_agg(CASE WHEN m[1] LIKE '"%' THEN replace(substr(m[1], 2, length(m[1]) - 2), '""', '"') ELSE lower(m[1]) END)
        FROM regexp_matches(list, name_pattern, 'g') m));
END $xl$;

-- Fails within a transaction block: a DDL on all nodes could not be undone with it.
CREATE OR REPLACE PROCEDURE xl.not_inside_a_transaction_block() LANGUAGE plpgsql AS $xl$
BEGIN
    COMMIT;
END $xl$;
