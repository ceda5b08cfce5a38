-- Connections to other servers, within one call

-- As whom this node changes definitions on others: one of two roles, as it reads rows by one of two.
CREATE OR REPLACE FUNCTION xl.login() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE option_value WHEN 'xlctl_internal_2' THEN 'xlctl_ddl_2' ELSE 'xlctl_ddl' END
    FROM pg_foreign_server s
    JOIN pg_user_mapping m ON m.umserver = s.oid AND m.umuser = 0, pg_options_to_table(m.umoptions)
    WHERE s.srvname = 'xl_gtm' AND option_name = 'user'
$xl$;

CREATE OR REPLACE FUNCTION xl.connect(connection text, node name, host text, port text, database name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM xl.dblink_connect(connection, (
        SELECT string_agg(format('%s=''%s''', key, replace(replace(value, '\', '\\'), '''', '\''')), ' ')
        FROM (VALUES ('host', host), ('port', port), ('dbname', database::text), ('user', xl.login()),
            ('connect_timeout', '5'), ('application_name', 'xl'),
            -- What this side gives up waiting for, the other one stops doing.
            ('options', '-c client_connection_check_interval=200ms'),
            ('keepalives_idle', '10'), ('keepalives_interval', '5'), ('keepalives_count', '3')
            -- Whom one reaches is verified as on the way to the GTM.
            UNION ALL
            SELECT option_name, option_value
            FROM pg_foreign_server, pg_options_to_table(srvoptions)
            WHERE srvname = 'xl_gtm' AND option_name IN ('sslmode', 'sslrootcert', 'channel_binding')
        ) o (key, value)));
EXCEPTION WHEN query_canceled THEN
    -- From PostgreSQL 16 on connecting has no end where the server hangs.
    RAISE WARNING 'given up while % did not answer', node;
    RAISE;
WHEN OTHERS THEN
    DECLARE
        detail text;
    BEGIN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
        RAISE EXCEPTION '% at %:% cannot be reached', node, host, port
            USING ERRCODE = 'sqlclient_unable_to_establish_sqlconnection', DETAIL = detail,
                HINT = 'All nodes must run: start it, or remove it from the cluster.';
    END;
END $xl$;

CREATE OR REPLACE FUNCTION xl.connect_gtm(connection text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    gtm record;
BEGIN
    SELECT max(option_value) FILTER (WHERE option_name = 'host') AS host,
        max(option_value) FILTER (WHERE option_name = 'port') AS port
    INTO gtm
    FROM pg_foreign_server, pg_options_to_table(srvoptions) WHERE srvname = 'xl_gtm';
    PERFORM xl.connect(connection, 'the GTM', gtm.host, gtm.port, 'postgres');
END $xl$;

-- What comes in this transaction has a verifier of a password in it: neither the server's log nor
-- those who may see what sessions do are told.
CREATE OR REPLACE FUNCTION xl.hide() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT set_config(name, value, true)
    FROM (VALUES ('track_activities', 'off'), ('log_statement', 'none'), ('log_min_duration_statement', '-1'),
        ('log_min_duration_sample', '-1'), ('log_transaction_sample_rate', '0'),
        ('log_min_error_statement', 'panic'), ('log_error_verbosity', 'terse')) s (name, value)
$xl$;

-- What to do where the server's own message says only why not.
CREATE OR REPLACE FUNCTION xl.advice(message text, detail text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE
        WHEN message ~ 'CONCURRENTLY cannot' THEN 'Leave CONCURRENTLY out.'
        WHEN message ~ '^CREATE DATABASE cannot' THEN 'Createdb in the shell of xlctl makes a database on all nodes.'
        WHEN message ~ '^DROP DATABASE cannot' THEN 'A database is dropped on each node by itself: see docs/sql.md.'
        WHEN message ~ '^permission denied to create role' THEN 'Createuser in the shell of xlctl makes a role on all nodes.'
        WHEN message ~ 'due to lock timeout' THEN
            'Another transaction has locked it there. Try again when that has ended, or wait longer: SET xl.lock_timeout = ''5min''.'
        WHEN message ~ '^there is no unique constraint matching given keys' OR message ~ '^cannot use foreign key' THEN
            'A foreign key between tables over several nodes is not possible.'
        WHEN message ~ '^"[tr]\d+(_p\d+)?" is not a table' THEN
            'Without USING the type may be possible. Otherwise: ADD COLUMN, UPDATE, DROP COLUMN.'
        WHEN detail ~ 'contains partitions that are foreign tables' THEN
            'A coordinator cannot see to it. PRIMARY KEY and UNIQUE belong into the CREATE TABLE that xl.create_table takes;'
            ' there they must include the columns that the table is distributed by.'
    END
$xl$;

-- Begins an error of another node.
CREATE OR REPLACE FUNCTION xl.said_by(node name) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE node WHEN current_setting('cluster_name') THEN '' ELSE node || ': ' END
$xl$;

-- Fails as another server did. Empty is what is not said.
CREATE OR REPLACE FUNCTION xl.fail(state text, message text, detail text, hint text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    IF detail <> '' AND hint <> '' THEN
        RAISE EXCEPTION '%', message USING ERRCODE = state, DETAIL = detail, HINT = hint;
    ELSIF detail <> '' THEN
        RAISE EXCEPTION '%', message USING ERRCODE = state, DETAIL = detail;
    ELSIF hint <> '' THEN
        RAISE EXCEPTION '%', message USING ERRCODE = state, HINT = hint;
    END IF;
    RAISE EXCEPTION '%', message USING ERRCODE = state;
END $xl$;

-- Waits for an answer, so that one can interrupt it: libpq's own waiting cannot be.
CREATE OR REPLACE FUNCTION xl.await(connection text, patience interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    pause float8 := 0.0002;
    begun CONSTANT timestamptz := clock_timestamp();
BEGIN
    WHILE xl.dblink_is_busy(connection) = 1 LOOP
        IF clock_timestamp() - begun > patience THEN
            RAISE EXCEPTION 'no answer after %', justify_interval(patience) USING ERRCODE = 'connection_failure';
        END IF;
        PERFORM pg_sleep(pause);
        pause := least(pause * 1.5, 0.02);
    END LOOP;
END $xl$;

-- Asks several connections at the same time: the first answer of each. Who gives up waiting is told
-- for whom it was; patience that is null has no end.
CREATE OR REPLACE FUNCTION xl.ask(connections text[], nodes name[], queries text[], patience interval) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    answers text[];
    answer text;
    message text; detail text; hint text; state text;
BEGIN
    FOR i IN 1 .. cardinality(connections) LOOP
        IF xl.dblink_send_query(connections[i], queries[i]) <> 1 THEN
            RAISE EXCEPTION '%: %', nodes[i], xl.dblink_error_message(connections[i])
                USING ERRCODE = 'connection_failure';
        END IF;
    END LOOP;
    FOR i IN 1 .. cardinality(connections) LOOP
        BEGIN
            PERFORM xl.await(connections[i], patience);
            SELECT t.answer INTO answer FROM xl.dblink_get_result(connections[i]) AS t (answer text);
            answers[i] := answer;
            LOOP
                PERFORM FROM xl.dblink_get_result(connections[i]) AS t (answer text);
                EXIT WHEN NOT FOUND;
            END LOOP;
        EXCEPTION WHEN query_canceled THEN
            RAISE WARNING 'given up while % did not answer', nodes[i];
            RAISE;
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
            hint := coalesce(xl.advice(message, detail), hint);
            PERFORM xl.fail(state, xl.said_by(nodes[i]) || message, detail, hint);
        END;
    END LOOP;
    RETURN answers;
END $xl$;

-- Asks all of them the same.
CREATE OR REPLACE FUNCTION xl.ask_all(connections text[], nodes name[], query text) RETURNS text[]
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT xl.ask(connections, nodes, array_fill(query, ARRAY[cardinality(nodes)]), NULL)
$xl$;

CREATE OR REPLACE FUNCTION xl.ask(connection text, node name, query text, patience interval) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT (xl.ask(ARRAY[connection], ARRAY[node], ARRAY[query], patience))[1]
$xl$;

CREATE OR REPLACE FUNCTION xl.ask(connection text, node name, query text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT xl.ask(connection, node, query, NULL)
$xl$;

-- Asks nobody to cancel what it is doing: that waits for a server that hangs, and cannot be interrupted.
CREATE OR REPLACE FUNCTION xl.disconnect(connections text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    connection text;
BEGIN
    FOR connection IN
        SELECT c FROM unnest(connections) c WHERE c = ANY (coalesce(xl.dblink_get_connections(), '{}'))
    LOOP
        PERFORM xl.dblink_disconnect(connection);
    END LOOP;
END $xl$;

-- What an earlier call of this session left, which should be nothing.
CREATE OR REPLACE FUNCTION xl.disconnect_left() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT xl.disconnect((SELECT array_agg(c) FROM unnest(xl.dblink_get_connections()) c WHERE c ~ '^xl_(gtm|\d+)$'))
$xl$;

-- For tests: waits at a point that a test names, for as long as the test keeps this lock.
CREATE OR REPLACE FUNCTION xl.at(point text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    IF current_setting('xl.pause_at', true) = point THEN
        PERFORM pg_advisory_lock(30828, 2);
        PERFORM pg_advisory_unlock(30828, 2);
    END IF;
END $xl$;
