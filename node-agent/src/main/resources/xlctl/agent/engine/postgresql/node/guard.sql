-- Statements of users on this node

-- The texts of two functions that belong to a role for as long as the transaction lasts. Within
-- them a statement can become nobody else, and cannot end the transaction; nothing that it deferred
-- is left for the superuser to do.
CREATE OR REPLACE FUNCTION xl.become(role name, path text, result text, body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    function text := format('xl.%I', 'as_' || pg_current_xact_id()::text);
BEGIN
    EXECUTE format('CREATE FUNCTION %s(statement text) RETURNS %s LANGUAGE plpgsql SECURITY DEFINER'
        ' SET search_path = %s AS %L', function, result,
        (SELECT coalesce(string_agg(quote_ident(part), ', '), '''''')
            FROM unnest(xl.path_parts(path)) part),
        body);
    EXECUTE format('ALTER FUNCTION %s(text) OWNER TO %I', function, role);
    DELETE FROM xl.noted;
    RETURN function;
END $xl$;

-- A search path as its names.
CREATE OR REPLACE FUNCTION xl.path_parts(path text) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT coalesce(array_agg(CASE WHEN quoted IS NULL THEN plain ELSE replace(quoted, '""', '"') END), '{}')
    FROM (SELECT m[1] AS quoted, m[2] AS plain
          FROM regexp_matches(path, '"((?:[^"]|"")*)"|([^\s,"]+)', 'g') m) parts
$xl$;

CREATE OR REPLACE FUNCTION xl.run_as(role name, path text, statement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    function text := xl.become(role, path, 'void', 'BEGIN EXECUTE statement; SET CONSTRAINTS ALL IMMEDIATE; END');
BEGIN
    EXECUTE format('SELECT %s($1)', function) USING statement;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    EXECUTE format('DROP FUNCTION %s(text)', function);
    -- Rows of local tables, too: what their triggers deferred anew would be done as xlctl_ddl.
    IF EXISTS (SELECT FROM postgres_fdw_get_connections() c WHERE c.server_name <> 'xl_gtm')
            OR EXISTS (
                SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode = 'RowExclusiveLock'
                    AND c.oid >= 16384 AND c.oid <> 'xl.noted'::regclass AND c.relkind IN ('r', 'p', 'f')) THEN
        RAISE EXCEPTION 'the statement reads or writes rows'
            USING ERRCODE = 'feature_not_supported',
                HINT = 'Definitions and rows cannot be changed by one statement: rows are written with plain SQL.';
    END IF;
END $xl$;

-- The rows of a query, each as an object. Leaves the transaction read-only.
CREATE OR REPLACE FUNCTION xl.query_as(role name, path text, query text) RETURNS SETOF json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    function text := xl.become(role, path, 'SETOF json',
        'DECLARE r record; BEGIN FOR r IN EXECUTE statement LOOP RETURN NEXT pg_catalog.row_to_json(r); END LOOP; END');
BEGIN
    PERFORM set_config('transaction_read_only', 'on', true);
    RETURN QUERY EXECUTE format('SELECT * FROM %s($1)', function) USING query;
END $xl$;

-- Notes what the statement of a user does. That is under way while the function of xl.become exists:
-- a setting could be made by the user, and if the user drops the function xl.run_as fails.
CREATE OR REPLACE FUNCTION xl.note_ddl() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    IF session_user IN ('xlctl_ddl', 'xlctl_ddl_2') AND to_regprocedure(format('xl.as_%s(text)', pg_current_xact_id())) IS NOT NULL THEN
        INSERT INTO xl.noted
            SELECT command_tag, classid, objid FROM pg_event_trigger_ddl_commands() WHERE NOT in_extension;
    END IF;
END $xl$;

-- Refuses on a coordinator what would be done there alone, and what would show a user the rows of
-- others. Runs as whoever does the DDL. Settings can be made by anyone: who the session and the user
-- are cannot.
CREATE OR REPLACE FUNCTION xl.guard_ddl() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    superuser CONSTANT boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = current_user);
    spreading CONSTANT boolean := session_user IN ('xlctl_ddl', 'xlctl_ddl_2');
    local CONSTANT boolean := coalesce(nullif(current_setting('xl.allow_local', true), ''), 'off')::boolean;
BEGIN
    IF tg_tag = 'REFRESH MATERIALIZED VIEW' OR superuser AND (spreading OR local) THEN
        RETURN;
    ELSIF tg_event = 'ddl_command_end' AND NOT superuser AND EXISTS (
            SELECT FROM pg_event_trigger_ddl_commands() d
            WHERE d.schema_name = 'xl_parts' AND d.object_type <> 'index'
                OR d.classid = 'pg_class'::regclass AND d.objid IN (SELECT relation FROM xl.partitions)) THEN
        RAISE EXCEPTION 'partitions of a table over several nodes are not changed by themselves'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Change the table that they belong to.';
    ELSIF spreading OR (xl.self()).node_type <> 'C' THEN
        RETURN;
    ELSIF tg_event = 'ddl_command_end' THEN
        IF local AND NOT EXISTS (
                SELECT FROM pg_event_trigger_ddl_commands() d JOIN xl.partitions p ON p.table_name = d.objid
                WHERE d.classid = 'pg_class'::regclass)
            OR NOT EXISTS (
                SELECT FROM pg_event_trigger_ddl_commands()
                WHERE schema_name IS DISTINCT FROM 'pg_temp' AND NOT in_extension) THEN
            RETURN;
        END IF;
    ELSIF local AND NOT EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE schema_name = 'xl_parts')
            OR NOT EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE original AND NOT is_temporary) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION '% would be done on this coordinator alone', tg_tag
        USING ERRCODE = 'feature_not_supported',
            HINT = CASE WHEN tg_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')
                THEN 'CALL xl.create_table($$ CREATE TABLE ... $$, distribute_by => ''hash(column)'') makes a table'
                    ' on all nodes. SET xl.allow_local = on permits one here alone.'
                WHEN local THEN 'CALL xl.ddl($$ ... $$) does it on all nodes.'
                ELSE 'CALL xl.ddl($$ ... $$) does it on all nodes. SET xl.allow_local = on permits it here alone.'
                END;
END $xl$;

DO $xl$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'xl_note') THEN
        CREATE EVENT TRIGGER xl_note ON ddl_command_end EXECUTE FUNCTION xl.note_ddl();
        CREATE EVENT TRIGGER xl_guard ON ddl_command_end EXECUTE FUNCTION xl.guard_ddl();
        CREATE EVENT TRIGGER xl_guard_drop ON sql_drop EXECUTE FUNCTION xl.guard_ddl();
        ALTER EVENT TRIGGER xl_note ENABLE ALWAYS;
        ALTER EVENT TRIGGER xl_guard ENABLE ALWAYS;
        ALTER EVENT TRIGGER xl_guard_drop ENABLE ALWAYS;
    END IF;
END $xl$;
