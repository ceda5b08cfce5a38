-- version 1
-- SQL over the whole cluster: what users call on coordinators, and what coordinators call on every
-- node. No state is kept in tables: which tables are distributed, and where their partitions are, is
-- read from the server's own catalogs.
--
-- Who may do what:
-- * A user's statement runs as that user on every node (xl.become). What must be done as the
--   superuser is in functions that only xlctl_ddl may call; coordinators connect as xlctl_ddl from
--   functions of the superuser, and nobody else can.
-- * Rows are read and written on datanodes as xlctl_internal, by postgres_fdw. Constraints and
--   indexes of users can have functions of theirs, which run as xlctl_internal then: so that role
--   may do nothing but read and write rows.
-- * Wherever a function has run a statement of a user, its next line sets search_path anew: the
--   statement may have changed it.

CREATE SCHEMA IF NOT EXISTS xl;
CREATE SCHEMA IF NOT EXISTS xl_parts;
CREATE EXTENSION IF NOT EXISTS dblink WITH SCHEMA xl;

CREATE OR REPLACE FUNCTION xl.version() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';

-- What a user asks of other nodes. Who asks is filled in by the server: a function of the superuser
-- cannot find out by itself. Rows live within one transaction.
CREATE TABLE IF NOT EXISTS xl.request (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role name NOT NULL DEFAULT current_user,
    path text NOT NULL DEFAULT current_setting('search_path'),
    statement text NOT NULL,
    details jsonb
);

-- What the statement of a user made or changed. Rows live within one transaction.
CREATE TABLE IF NOT EXISTS xl.noted (
    command text NOT NULL,
    class oid,
    object oid
);

-- Sequences at the GTM. Reading a row of xl.block takes a block of numbers.
CREATE FOREIGN TABLE IF NOT EXISTS xl.block (
    id bigint,
    first bigint,
    step bigint,
    block bigint,
    least bigint,
    greatest bigint
) SERVER xl_gtm OPTIONS (schema_name 'xl', table_name 'block');
CREATE FOREIGN TABLE IF NOT EXISTS xl.sequence_numbers (
    id bigint,
    step bigint,
    block bigint,
    least bigint,
    greatest bigint
) SERVER xl_gtm OPTIONS (schema_name 'xl', table_name 'sequence');

-- On a coordinator: where the partitions of distributed and replicated tables are.
CREATE OR REPLACE VIEW xl.partitions AS
    SELECT p.oid::regclass AS relation, i.inhparent::regclass AS table_name, s.srvname AS node_name, p.relname AS partition,
        (SELECT option_value FROM pg_options_to_table(f.ftoptions) WHERE option_name = 'schema_name') AS remote_schema,
        (SELECT option_value FROM pg_options_to_table(f.ftoptions) WHERE option_name = 'table_name') AS remote_name
    FROM pg_foreign_table f
    JOIN pg_class p ON p.oid = f.ftrelid
    JOIN pg_foreign_server s ON s.oid = f.ftserver
    LEFT JOIN pg_inherits i ON i.inhrelid = p.oid
    WHERE s.srvname IN (SELECT n.node_name FROM pgxc_node n WHERE n.node_type = 'D');

------------------------------------------------------------------------------------------------
-- Who is there

-- This node's row of pgxc_node.
CREATE OR REPLACE FUNCTION xl.self() RETURNS pgxc_node
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    me pgxc_node;
BEGIN
    SELECT * INTO me FROM pgxc_node WHERE node_name = current_setting('cluster_name');
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this server, %, is not in pgxc_node', current_setting('cluster_name')
            USING HINT = 'It is not part of a cluster yet, or not any more.';
    END IF;
    RETURN me;
END $xl$;

-- The nodes as this one knows them, in short.
CREATE OR REPLACE FUNCTION xl.membership() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT md5(string_agg(format('%s %s %s %s', node_name, node_type, node_host, node_port), ','
        ORDER BY node_name))
    FROM pgxc_node
$xl$;

-- Who called: the role that the session has taken. SECURITY DEFINER does not change it.
CREATE OR REPLACE FUNCTION xl.caller() RETURNS name
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role')::name END
$xl$;

------------------------------------------------------------------------------------------------
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
    IF session_user = 'xlctl_ddl' AND to_regprocedure(format('xl.as_%s(text)', pg_current_xact_id())) IS NOT NULL THEN
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
    spreading CONSTANT boolean := session_user = 'xlctl_ddl';
    local CONSTANT boolean := coalesce(nullif(current_setting('xl.allow_local', true), ''), 'off')::boolean;
BEGIN
    IF tg_tag = 'REFRESH MATERIALIZED VIEW' OR superuser AND (spreading OR local) THEN
        RETURN;
    ELSIF tg_event = 'ddl_command_end' AND NOT superuser AND EXISTS (
            SELECT FROM pg_event_trigger_ddl_commands() d JOIN xl.partitions p ON p.relation = d.objid
            WHERE d.classid = 'pg_class'::regclass) THEN
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

------------------------------------------------------------------------------------------------
-- One node's part of a DDL

-- Does a statement as a role, and then what makes of it something of the whole cluster. The caller
-- has begun a transaction, and prepares it.
--
-- table_spec: null, or of a table that the statement makes
--   {"id": 12, "keys": ["a"], "partitions": ["data_m_1", "data_m_2", ...]}  or  {"id": 12, "home": "data_m_1"}
-- returns the sequences that it made, as the GTM takes them
CREATE OR REPLACE FUNCTION xl.apply(
    number bigint, membership text, role name, path text, statement text, table_spec jsonb)
RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    passwords jsonb := (SELECT jsonb_object_agg(oid, rolpassword) FROM pg_authid);
    exposed name;
    sequences jsonb;
BEGIN
    IF membership <> xl.membership() THEN
        RAISE EXCEPTION 'it knows other members of the cluster than the calling coordinator does'
            USING HINT = 'The agent of one of them has not yet applied the newest topology: see status.';
    END IF;
    PERFORM xl.await_earlier_ddl(current_setting('lock_timeout')::interval);
    PERFORM set_config('session_replication_role', 'origin', true);
    PERFORM xl.run_as(role, path, statement);
    SELECT rolname INTO exposed FROM pg_authid
    WHERE rolpassword IS DISTINCT FROM passwords ->> oid::text AND strpos(statement, rolpassword) = 0;
    IF FOUND THEN
        RAISE EXCEPTION 'the password of "%" would reach other nodes in the clear', exposed
            USING ERRCODE = 'feature_not_supported',
                HINT = 'CALL xl.ddl takes CREATE ROLE or ALTER ROLE ... PASSWORD ''...'' as a statement of its own.';
    END IF;
    PERFORM xl.refuse_what_does_not_spread(table_spec IS NOT NULL);
    IF table_spec IS NOT NULL THEN
        PERFORM xl.spread_table(statement, table_spec);
    END IF;
    sequences := xl.spread_sequences(number);
    PERFORM xl.follow_changes();
    DELETE FROM xl.noted;
    RETURN sequences;
END $xl$;

-- What was decided must be done before what comes after it. The node's agent does it.
CREATE OR REPLACE FUNCTION xl.await_earlier_ddl(patience interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    deadline CONSTANT timestamptz := clock_timestamp() + patience;
    earlier text;
BEGIN
    LOOP
        SELECT gid INTO earlier FROM pg_prepared_xacts WHERE gid ~ '^xl_ddl_\d+$' LIMIT 1;
        EXIT WHEN NOT FOUND;
        IF clock_timestamp() > deadline THEN
            RAISE EXCEPTION 'an earlier change of definitions, %, is not finished here', earlier
                USING ERRCODE = 'lock_not_available', HINT = 'The agent of this node finishes it: see that it runs.';
        END IF;
        PERFORM pg_sleep(0.05);
    END LOOP;
END $xl$;

-- On a coordinator: the replicated tables at a datanode.
CREATE OR REPLACE FUNCTION xl.homes() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT coalesce(jsonb_agg(jsonb_build_object('node', node_name, 'schema', remote_schema, 'name', remote_name)), '[]')
    FROM xl.partitions WHERE partition ~ '^r\d+$' AND table_name IS NOT NULL
$xl$;

-- On a datanode: they are tables, and no view of that name, which would be read as xlctl_internal.
CREATE OR REPLACE FUNCTION xl.require_homes(homes jsonb) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    culprit record;
BEGIN
    SELECT h.schema, h.name INTO culprit
    FROM jsonb_to_recordset(homes) AS h (node name, schema name, name name)
    WHERE h.node = current_setting('cluster_name') AND NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = h.schema AND c.relname = h.name AND c.relkind = 'r')
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the table %.% would be something else here than on the coordinators', culprit.schema, culprit.name
            USING ERRCODE = 'feature_not_supported', HINT = 'A statement must do the same on every node.';
    END IF;
END $xl$;

-- The tables that the statement made.
CREATE OR REPLACE FUNCTION xl.tables_made() RETURNS SETOF pg_class
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT c.* FROM pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.oid IN (
        SELECT object FROM xl.noted
        WHERE command IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO') AND class = 'pg_class'::regclass)
$xl$;

-- Datanodes evaluate constraints, generated columns and indexes as xlctl_internal, who may read and
-- write the rows of all users: no user's function may be in them, nor one of the server that runs SQL.
CREATE OR REPLACE FUNCTION xl.refuse_code_on_datanodes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    culprit regprocedure;
BEGIN
    WITH expressions AS (
        SELECT c.conbin::text AS tree FROM pg_constraint c JOIN xl.noted n
            ON n.class = 'pg_class'::regclass AND n.object = c.conrelid
            OR n.class = 'pg_type'::regclass AND n.object = c.contypid
            OR n.class = 'pg_constraint'::regclass AND n.object = c.oid
        UNION ALL
        SELECT d.adbin::text FROM pg_attrdef d
            JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
            JOIN xl.noted n ON n.class = 'pg_class'::regclass AND n.object = d.adrelid
        UNION ALL
        SELECT concat(i.indexprs, i.indpred) FROM pg_index i JOIN xl.noted n
            ON n.class = 'pg_class'::regclass AND n.object IN (i.indexrelid, i.indrelid)
    ), used AS (
        SELECT m[1] AS kind, m[2]::oid AS id
        FROM expressions, regexp_matches(tree, ':(funcid|opno|opfuncid) (\d+)', 'g') m
    )
    SELECT p.oid INTO culprit
    FROM used u
    JOIN pg_proc p ON p.oid = CASE u.kind WHEN 'opno' THEN (SELECT o.oprcode FROM pg_operator o WHERE o.oid = u.id) ELSE u.id END
    JOIN pg_language l ON l.oid = p.prolang
    WHERE p.oid >= 16384 AND l.lanname NOT IN ('internal', 'c') OR p.provolatile = 'v' OR p.proname ~ '_to_xml'
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the function % would run on datanodes, with rights that are not its owner''s', culprit
            USING ERRCODE = 'feature_not_supported',
                HINT = 'CHECK, GENERATED and indexes take functions of the server itself. DEFAULT and triggers, which work on coordinators, take any.';
    END IF;
END $xl$;

CREATE OR REPLACE FUNCTION xl.refuse_what_does_not_spread(table_wanted boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    culprit record;
BEGIN
    IF EXISTS (SELECT FROM xl.noted WHERE command IN ('CREATE TABLE AS', 'SELECT INTO')) THEN
        RAISE EXCEPTION 'rows of a query cannot be stored by DDL'
            USING ERRCODE = 'feature_not_supported',
                HINT = 'Make the table by xl.create_table, then INSERT INTO it ... SELECT.';
    END IF;
    IF EXISTS (SELECT FROM xl.tables_made() WHERE relnamespace = 'xl_parts'::regnamespace) THEN
        RAISE EXCEPTION 'the schema xl_parts is for partitions alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM xl.noted WHERE command = 'CREATE MATERIALIZED VIEW') THEN
        RAISE EXCEPTION 'a materialized view cannot be on all nodes: each would store other rows'
            USING ERRCODE = 'feature_not_supported',
                HINT = 'SET xl.allow_local = on permits one on this coordinator alone.';
    END IF;
    IF NOT table_wanted AND EXISTS (SELECT FROM xl.tables_made()) THEN
        RAISE EXCEPTION 'xl.ddl does not say how the rows of a table are to be distributed'
            USING ERRCODE = 'feature_not_supported',
                HINT = 'CALL xl.create_table($$ CREATE TABLE ... $$, distribute_by => ''hash(column)''), or ''replication''.';
    END IF;
    SELECT c.conname, c.conrelid::regclass AS relation INTO culprit
    FROM pg_constraint c JOIN xl.noted n ON n.class = 'pg_class'::regclass AND n.object = c.conrelid
    WHERE c.contype = 'f' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the foreign key "%" of % cannot be kept: its rows are on several servers',
                culprit.conname, culprit.relation
            USING ERRCODE = 'feature_not_supported', HINT = 'Leave REFERENCES and FOREIGN KEY out.';
    END IF;
    SELECT t.tgname, t.tgrelid::regclass AS relation INTO culprit
    FROM pg_trigger t JOIN xl.noted n ON n.class = 'pg_class'::regclass AND n.object = t.tgrelid
    WHERE t.tgenabled IN ('A', 'R') AND NOT t.tgisinternal LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the trigger "%" of % would fire on the coordinator and on the datanode', culprit.tgname, culprit.relation
            USING ERRCODE = 'feature_not_supported', HINT = 'ENABLE TRIGGER lets it fire on the coordinator.';
    END IF;
    PERFORM xl.refuse_code_on_datanodes();
    SELECT a.attname, a.attrelid::regclass AS relation INTO culprit
    FROM pg_attribute a JOIN xl.noted n ON n.class = 'pg_class'::regclass AND n.object = a.attrelid
    WHERE a.attidentity <> '' OR EXISTS (
        SELECT FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
            AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i'))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'column "%" of % would have numbers of its own on each coordinator',
                culprit.attname, culprit.relation
            USING ERRCODE = 'feature_not_supported',
                HINT = 'CALL xl.ddl($$ CREATE SEQUENCE s $$), and the column: bigint DEFAULT xl.nextval(''s'').';
    END IF;
END $xl$;

-- Turns the one table that was made into this node's part of a distributed or replicated one.
CREATE OR REPLACE FUNCTION xl.spread_table(statement text, spec jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    made pg_class;
    keys name[];
BEGIN
    IF (SELECT count(*) FROM xl.tables_made()) > 1
            OR EXISTS (SELECT FROM xl.noted WHERE command NOT IN ('CREATE TABLE', 'CREATE INDEX', 'CREATE SEQUENCE', 'ALTER SEQUENCE')) THEN
        RAISE EXCEPTION 'xl.create_table takes one CREATE TABLE and nothing else'
            USING ERRCODE = 'feature_not_supported', HINT = 'CALL xl.ddl($$ ... $$) takes the rest, afterwards.';
    END IF;
    SELECT * INTO made FROM xl.tables_made();
    IF NOT FOUND AND statement ~* '\mif\s+not\s+exists\M' AND NOT EXISTS (SELECT FROM xl.noted) THEN
        RETURN;
    ELSIF NOT FOUND THEN
        RAISE EXCEPTION 'xl.create_table takes one CREATE TABLE and nothing else'
            USING ERRCODE = 'feature_not_supported', HINT = 'CALL xl.ddl($$ ... $$) takes the rest.';
    END IF;
    -- What follows is done as the superuser, and must evaluate nothing of the user's.
    IF EXISTS (
            SELECT FROM pg_index i
            WHERE i.indrelid = made.oid AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)) THEN
        RAISE EXCEPTION 'xl.create_table takes one CREATE TABLE and nothing else'
            USING ERRCODE = 'feature_not_supported', HINT = 'CALL xl.ddl($$ CREATE INDEX ... $$) makes indexes, afterwards.';
    END IF;
    IF made.relkind = 'p' OR made.relispartition
            OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = made.oid)
            OR made.relpersistence <> 'p' OR made.reloftype <> 0 THEN
        RAISE EXCEPTION 'a table over several nodes is none of PARTITION BY, PARTITION OF, INHERITS, OF, UNLOGGED, TEMPORARY'
            USING ERRCODE = 'feature_not_supported', HINT = 'It is partitioned by distribute_by alone.';
    END IF;
    IF spec ? 'home' THEN
        IF (xl.self()).node_type = 'C' THEN
            PERFORM xl.make_reference(made, spec);
        ELSE
            EXECUTE format('GRANT TRUNCATE ON %s TO xlctl_internal', made.oid::regclass);
        END IF;
        RETURN;
    END IF;
    SELECT array_agg(key) INTO keys FROM jsonb_array_elements_text(spec -> 'keys') key;
    PERFORM xl.require_keys(made.oid, keys);
    PERFORM xl.make_partitioned(made, format('HASH (%s)', (SELECT string_agg(quote_ident(key), ', ') FROM unnest(keys) key)), spec);
END $xl$;

CREATE OR REPLACE FUNCTION xl.require_keys(made oid, keys name[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    missing name;
    culprit record;
BEGIN
    SELECT key INTO missing FROM unnest(keys) key
    WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = made AND attname = key AND attnum > 0);
    IF FOUND THEN
        RAISE EXCEPTION '% has no column "%" to be distributed by', made::regclass, missing
            USING ERRCODE = 'undefined_column',
                HINT = 'Its columns: ' || (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum)
                    FROM pg_attribute WHERE attrelid = made AND attnum > 0);
    END IF;
    SELECT conname INTO culprit FROM pg_constraint
    WHERE conrelid = made AND contype IN ('p', 'u', 'x') AND (contype = 'x' OR NOT keys <@ (
        SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = made AND attnum = ANY (conkey)))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the constraint "%" cannot be kept: rows that it compares may be on several datanodes', culprit.conname
            USING ERRCODE = 'feature_not_supported',
                HINT = 'PRIMARY KEY and UNIQUE must include all columns that the table is distributed by; EXCLUDE is not possible.';
    END IF;
END $xl$;

-- Replaces a table by a partitioned one of its name, with this node's partitions.
CREATE OR REPLACE FUNCTION xl.make_partitioned(made pg_class, partition_by text, spec jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    here pgxc_node := xl.self();
    model text := format('xl_parts.%I', 'model_' || (spec ->> 'id'));
    owner name := pg_get_userbyid(made.relowner);
    modulus int := jsonb_array_length(spec -> 'partitions');
    storage text := (SELECT string_agg(format('%I = %L', split_part(o, '=', 1), substr(o, strpos(o, '=') + 1)), ', ')
        FROM unnest(made.reloptions) o);
    parent text;
    datanode text;
    remainder bigint;
    part text;
BEGIN
    parent := format('%s.%I', made.relnamespace::regnamespace, made.relname);
    EXECUTE format('ALTER TABLE %s RENAME TO %I', made.oid::regclass, 'model_' || (spec ->> 'id'));
    EXECUTE format('ALTER TABLE %s SET SCHEMA xl_parts', made.oid::regclass);
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL %s) PARTITION BY %s', parent, model,
        CASE here.node_type WHEN 'C' THEN 'EXCLUDING INDEXES' ELSE '' END, partition_by);
    EXECUTE format('DROP TABLE %s', model);
    EXECUTE format('ALTER TABLE %s OWNER TO %I', parent, owner);
    PERFORM xl.grant_again(parent, made);
    FOR datanode, remainder IN
        SELECT node, ordinality - 1 FROM jsonb_array_elements_text(spec -> 'partitions') WITH ORDINALITY AS p (node, ordinality)
    LOOP
        part := format('xl_parts.%I', format('t%s_p%s', spec ->> 'id', remainder));
        IF here.node_type = 'C' THEN
            EXECUTE format('CREATE FOREIGN TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %s, REMAINDER %s)'
                ' SERVER %I OPTIONS (schema_name %L, table_name %L)',
                part, parent, modulus, remainder, datanode, 'xl_parts', format('t%s_p%s', spec ->> 'id', remainder));
            EXECUTE format('ALTER FOREIGN TABLE %s OWNER TO %I', part, owner);
        ELSIF here.node_name = datanode THEN
            EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS %s, REMAINDER %s)%s',
                part, parent, modulus, remainder, ' WITH (' || storage || ')');
            EXECUTE format('ALTER TABLE %s OWNER TO %I', part, owner);
            EXECUTE format('GRANT TRUNCATE ON %s TO xlctl_internal', part);
        END IF;
    END LOOP;
END $xl$;

-- On a coordinator: a partitioned table with one partition, at the table's home. By which column it
-- is partitioned makes no difference; it need only be one that can be hashed.
CREATE OR REPLACE FUNCTION xl.make_reference(made pg_class, spec jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    model text := format('xl_parts.%I', 'model_' || (spec ->> 'id'));
    owner name := pg_get_userbyid(made.relowner);
    parent text := format('%s.%I', made.relnamespace::regnamespace, made.relname);
    part text := format('xl_parts.%I', 'r' || (spec ->> 'id'));
    candidate name;
    done boolean := false;
BEGIN
    EXECUTE format('ALTER TABLE %s RENAME TO %I', made.oid::regclass, 'model_' || (spec ->> 'id'));
    EXECUTE format('ALTER TABLE %s SET SCHEMA xl_parts', made.oid::regclass);
    FOR candidate IN
        SELECT a.attname FROM pg_attribute a
        LEFT JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'p' AND a.attnum = ANY (c.conkey)
        WHERE a.attrelid = made.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        ORDER BY c.oid IS NULL, a.attnum
    LOOP
        BEGIN
            EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING INDEXES) PARTITION BY HASH (%I)', parent, model, candidate);
            done := true;
            EXIT;
        EXCEPTION WHEN undefined_object THEN
            CONTINUE;
        END;
    END LOOP;
    IF NOT done THEN
        RAISE EXCEPTION 'no column of % can be hashed', parent
            USING ERRCODE = 'feature_not_supported', HINT = 'Give it a column of a type such as bigint or text.';
    END IF;
    EXECUTE format('DROP TABLE %s', model);
    EXECUTE format('ALTER TABLE %s OWNER TO %I', parent, owner);
    PERFORM xl.grant_again(parent, made);
    EXECUTE format('CREATE FOREIGN TABLE %s PARTITION OF %s FOR VALUES WITH (MODULUS 1, REMAINDER 0)'
        ' SERVER %I OPTIONS (schema_name %L, table_name %L)', part, parent, spec ->> 'home',
        (SELECT nspname FROM pg_namespace WHERE oid = made.relnamespace), made.relname);
    EXECUTE format('ALTER FOREIGN TABLE %s OWNER TO %I', part, owner);
END $xl$;

-- The privileges that a table had by its owner's default privileges.
CREATE OR REPLACE FUNCTION xl.grant_again(parent text, made pg_class) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    privilege record;
BEGIN
    FOR privilege IN SELECT * FROM aclexplode(made.relacl) LOOP
        EXECUTE format('GRANT %s ON %s TO %s%s', privilege.privilege_type, parent,
            CASE privilege.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(privilege.grantee)) END,
            CASE WHEN privilege.is_grantable AND privilege.grantee <> 0 THEN ' WITH GRANT OPTION' ELSE '' END);
    END LOOP;
END $xl$;

-- The id at the GTM for which a sequence stands in; null for others.
CREATE OR REPLACE FUNCTION xl.stands_for(s pg_sequence) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE WHEN s.seqmax - 1 = s.seqmin AND s.seqstart = s.seqmin THEN s.seqmin END
$xl$;

-- Makes the sequences of the statement global: here remains a stand-in, which starts at its id at the
-- GTM and has two numbers. Both are used up, so that nextval() fails on it.
CREATE OR REPLACE FUNCTION xl.spread_sequences(number bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    made record;
    id bigint := number * 1000;
    sequences jsonb := '[]';
BEGIN
    FOR made IN
        SELECT s.* FROM pg_sequence s
        WHERE s.seqrelid IN (SELECT object FROM xl.noted WHERE command = 'CREATE SEQUENCE' AND class = 'pg_class'::regclass)
        ORDER BY s.seqrelid
    LOOP
        IF made.seqcycle THEN
            RAISE EXCEPTION 'sequence % cannot CYCLE', made.seqrelid::regclass
                USING ERRCODE = 'feature_not_supported', HINT = 'Leave CYCLE out.';
        END IF;
        sequences := sequences || jsonb_build_object('id', id, 'name', made.seqrelid::regclass::text,
            'start', made.seqstart, 'step', made.seqincrement,
            'block', CASE made.seqcache WHEN 1 THEN 100 ELSE made.seqcache END,
            'least', made.seqmin, 'greatest', made.seqmax);
        EXECUTE format('ALTER SEQUENCE %s AS bigint INCREMENT BY 1 MINVALUE %s MAXVALUE %s START WITH %s RESTART WITH %s CACHE 1',
            made.seqrelid::regclass, id, id + 1, id, id);
        PERFORM setval(made.seqrelid, id + 1, true);
        id := id + 1;
    END LOOP;
    SELECT s.seqrelid INTO made FROM pg_sequence s
    WHERE (xl.stands_for(s) IS NULL OR pg_sequence_last_value(s.seqrelid) IS DISTINCT FROM s.seqmax)
        AND s.seqrelid IN (SELECT object FROM xl.noted WHERE command = 'ALTER SEQUENCE' AND class = 'pg_class'::regclass);
    IF FOUND THEN
        RAISE EXCEPTION 'how the sequence % counts is fixed since it was made', made.seqrelid::regclass
            USING ERRCODE = 'feature_not_supported',
                HINT = 'xl.setval(''name'', number) sets it; it can be renamed, moved and given away.';
    END IF;
    RETURN sequences;
END $xl$;

-- Partitions belong to the owner of their table; and where a replicated table was renamed, its
-- coordinators find it by its new name.
CREATE OR REPLACE FUNCTION xl.follow_changes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT c.oid::regclass AS name, c.relkind, pg_get_userbyid(parent.relowner) AS owner
        FROM pg_class parent
        JOIN pg_inherits i ON i.inhparent = parent.oid
        JOIN pg_class c ON c.oid = i.inhrelid AND c.relowner <> parent.relowner
        WHERE c.relnamespace = 'xl_parts'::regnamespace
            AND parent.oid IN (SELECT object FROM xl.noted WHERE class = 'pg_class'::regclass)
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO %I', CASE part.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
            part.name, part.owner);
    END LOOP;
    FOR part IN
        SELECT c.oid::regclass AS name, n.nspname, parent.relname
        FROM pg_class c
        JOIN pg_foreign_table f ON f.ftrelid = c.oid
        JOIN pg_inherits i ON i.inhrelid = c.oid
        JOIN pg_class parent ON parent.oid = i.inhparent
        JOIN pg_namespace n ON n.oid = parent.relnamespace
        WHERE c.relnamespace = 'xl_parts'::regnamespace AND c.relname ~ '^r\d+$'
            AND f.ftoptions <> ARRAY['schema_name=' || n.nspname, 'table_name=' || parent.relname]
    LOOP
        EXECUTE format('ALTER FOREIGN TABLE %s OPTIONS (SET schema_name %L, SET table_name %L)',
            part.name, part.nspname, part.relname);
    END LOOP;
END $xl$;

-- After definitions were loaded from a dump, which says of no sequence how far it counted.
CREATE OR REPLACE FUNCTION xl.settle() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT setval(s.seqrelid, s.seqmax, true) FROM pg_sequence s WHERE xl.stands_for(s) IS NOT NULL
$xl$;

------------------------------------------------------------------------------------------------
-- Connections to other servers, within one call

CREATE OR REPLACE FUNCTION xl.connect(connection text, node name, host text, port text, database name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM xl.dblink_connect(connection, (
        SELECT string_agg(format('%s=''%s''', key, replace(replace(value, '\', '\\'), '''', '\''')), ' ')
        FROM (VALUES ('host', host), ('port', port), ('dbname', database::text), ('user', 'xlctl_ddl'),
            ('connect_timeout', '5'), ('application_name', 'xl'),
            ('keepalives_idle', '10'), ('keepalives_interval', '5'), ('keepalives_count', '3')) o (key, value)));
EXCEPTION WHEN OTHERS THEN
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

-- What to do where the server's own message says only why not.
CREATE OR REPLACE FUNCTION xl.advice(message text, detail text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT CASE
        WHEN message ~ 'CONCURRENTLY cannot' THEN 'Leave CONCURRENTLY out.'
        WHEN message ~ '^(CREATE|DROP) DATABASE cannot' THEN 'Createdb in the shell of xlctl makes a database on all nodes.'
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
CREATE OR REPLACE FUNCTION xl.await(connection text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    pause float8 := 0.0002;
BEGIN
    WHILE xl.dblink_is_busy(connection) = 1 LOOP
        PERFORM pg_sleep(pause);
        pause := least(pause * 1.5, 0.02);
    END LOOP;
END $xl$;

-- Asks several connections at the same time: the first answer of each.
CREATE OR REPLACE FUNCTION xl.ask(connections text[], nodes name[], queries text[]) RETURNS text[]
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
        PERFORM xl.await(connections[i]);
        BEGIN
            SELECT t.answer INTO answer FROM xl.dblink_get_result(connections[i]) AS t (answer text);
            answers[i] := answer;
            LOOP
                PERFORM FROM xl.dblink_get_result(connections[i]) AS t (answer text);
                EXIT WHEN NOT FOUND;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
            hint := coalesce(xl.advice(message, detail), hint);
            PERFORM xl.fail(state, xl.said_by(nodes[i]) || message, detail, hint);
        END;
    END LOOP;
    RETURN answers;
END $xl$;

CREATE OR REPLACE FUNCTION xl.ask(connection text, node name, query text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT (xl.ask(ARRAY[connection], ARRAY[node], ARRAY[query]))[1]
$xl$;

CREATE OR REPLACE FUNCTION xl.disconnect(connections text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    connection text;
BEGIN
    FOR connection IN
        SELECT c FROM unnest(connections) c WHERE c = ANY (coalesce(xl.dblink_get_connections(), '{}'))
    LOOP
        IF xl.dblink_is_busy(connection) = 1 THEN
            PERFORM xl.dblink_cancel_query(connection);
        END IF;
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

------------------------------------------------------------------------------------------------
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
    datanodes name[];
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
    FOR node IN SELECT * FROM pgxc_node ORDER BY node_name <> me.node_name LOOP
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
    PERFORM xl.ask(connections, nodes, array_fill(
        format('BEGIN; SET LOCAL lock_timeout = %L', (extract(epoch FROM xl.patience()) * 1000)::bigint), ARRAY[cardinality(nodes)]));
    apply := format('SELECT xl.apply(%L, %L, %L, %L, %L, %L)', number, xl.membership(), role, asked.path, statement, table_spec);
    sequences := xl.ask(connections[1], nodes[1], apply);
    PERFORM xl.at('applied 1');
    IF cardinality(nodes) > 1 THEN
        PERFORM xl.ask(connections[2:], nodes[2:], array_fill(apply, ARRAY[cardinality(nodes) - 1]));
    END IF;
    apply := format('SELECT xl.require_homes(%L)', xl.ask(connections[1], nodes[1], 'SELECT xl.homes()'));
    PERFORM xl.ask(connections, nodes, array_fill(apply, ARRAY[cardinality(nodes)]));
    PERFORM xl.at('applied');
    FOR i IN 1 .. cardinality(nodes) LOOP
        PERFORM xl.ask(connections[i], nodes[i], format('PREPARE TRANSACTION %L', gid));
        prepared := i;
        PERFORM xl.at('prepared ' || i);
    END LOOP;
    deciding := true;
    decided := xl.ask(gtm, 'the GTM', format('SELECT xl.commit_ddl(%L, %L, %L)', number, statement, sequences));
    deciding := false;
    IF NOT decided THEN
        RAISE EXCEPTION 'the GTM has decided against it: the DDL lock was lost'
            USING HINT = 'Try again.';
    END IF;
    PERFORM xl.at('decided');
    FOR i IN 1 .. cardinality(nodes) LOOP
        BEGIN
            PERFORM xl.ask(connections[i], nodes[i], format('COMMIT PREPARED %L', gid));
        EXCEPTION
            WHEN undefined_object THEN NULL; -- the node's agent was faster
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
            PERFORM xl.ask(connections[i], nodes[i], format('ROLLBACK PREPARED %L', gid));
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING '%', SQLERRM USING HINT = 'Its agent undoes what is left there.';
        END;
    END LOOP;
    IF number IS NOT NULL THEN
        PERFORM xl.ask('xl_gtm', 'the GTM', format('SELECT xl.abandon_ddl(%L)', number));
    END IF;
EXCEPTION WHEN OTHERS THEN
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

------------------------------------------------------------------------------------------------
-- For users

CREATE OR REPLACE PROCEDURE xl.ddl(statement text) LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
    CALL xl.not_inside_a_transaction_block();
    INSERT INTO xl.request (statement) VALUES (xl.without_password(ddl.statement)) RETURNING id INTO request;
    PERFORM xl.run(request);
END $xl$;

CREATE OR REPLACE PROCEDURE xl.create_table(statement text, distribute_by text, partitions int DEFAULT 32) LANGUAGE plpgsql AS $xl$
DECLARE
    request bigint;
BEGIN
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
        PERFORM xl.await(connections[i]);
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

------------------------------------------------------------------------------------------------
-- For agents

CREATE OR REPLACE FUNCTION xl.lock_ddl(who text, wait interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM xl.disconnect(ARRAY['xl_ddl_lock']);
    PERFORM xl.connect_gtm('xl_ddl_lock');
    PERFORM xl.ask('xl_ddl_lock', 'the GTM', format('SELECT xl.lock_ddl(%L, %L)', who, wait));
END $xl$;

CREATE OR REPLACE FUNCTION xl.ddl_locked() RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT coalesce(xl.dblink_get_connections(), '{}') @> '{xl_ddl_lock}'
        AND xl.ask('xl_ddl_lock', 'the GTM', 'SELECT xl.ddl_locked()')::boolean
$xl$;

-- The prepared transactions of this database whose fate is known.
CREATE OR REPLACE FUNCTION xl.leftovers() RETURNS TABLE (gid text, commit boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    numbers bigint[] := (SELECT array_agg(substr(p.gid, 8)::bigint) FROM pg_prepared_xacts p
        WHERE p.database = current_database() AND p.gid ~ '^xl_ddl_\d+$');
    fate record;
BEGIN
    IF numbers IS NULL THEN
        RETURN;
    END IF;
    PERFORM xl.disconnect_left();
    PERFORM xl.connect_gtm('xl_gtm');
    FOR fate IN
        SELECT * FROM xl.dblink('xl_gtm', format('SELECT * FROM xl.fate_of_ddl(%L)', numbers))
            AS f (id bigint, recorded boolean, committed boolean)
    LOOP
        IF NOT fate.recorded THEN
            RAISE EXCEPTION 'the GTM has no record of the prepared transaction xl_ddl_%', fate.id
                USING HINT = 'See which nodes have it in pg_prepared_xacts; then COMMIT PREPARED or ROLLBACK PREPARED on all of them.';
        END IF;
        IF fate.committed IS NOT NULL THEN
            gid := 'xl_ddl_' || fate.id;
            commit := fate.committed;
            RETURN NEXT;
        END IF;
    END LOOP;
    PERFORM xl.disconnect(ARRAY['xl_gtm']);
EXCEPTION WHEN query_canceled OR OTHERS THEN
    PERFORM xl.disconnect(ARRAY['xl_gtm']);
    RAISE;
END $xl$;

-- What makes the roles of this node on another one, which has those of xlctl: to be run in order,
-- what is within a database after it was made.
CREATE OR REPLACE FUNCTION xl.role_statements() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT statement FROM (
        SELECT 1 AS part, rolname::text AS name,
            format('CREATE ROLE %I WITH %s %s %s %s %s %s %s CONNECTION LIMIT %s%s%s', rolname,
                CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
                CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
                CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
                rolconnlimit, ' PASSWORD ' || quote_literal(rolpassword),
                ' VALID UNTIL ' || quote_literal(rolvaliduntil)) AS statement
        FROM pg_authid
        WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'xlctl_internal', 'xlctl_ddl', 'xlctl_monitor', 'app')
        UNION ALL
        SELECT 2, r.rolname || ' ' || m.rolname,
            format('GRANT %I TO %I%s', r.rolname, m.rolname, CASE WHEN a.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END)
        FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
        WHERE m.rolname NOT IN ('xlctl_internal', 'xlctl_ddl', 'xlctl_monitor') AND m.rolname !~ '^pg_'
    ) s ORDER BY part, name
$xl$;

-- Settings of roles and databases, likewise; after the databases were made.
CREATE OR REPLACE FUNCTION xl.setting_statements() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT format('ALTER %s SET %I TO %s',
        CASE WHEN r.oid IS NULL THEN format('DATABASE %I', d.datname)
            ELSE format('ROLE %I%s', r.rolname, ' IN DATABASE ' || quote_ident(d.datname)) END,
        split_part(c, '=', 1),
        CASE WHEN split_part(c, '=', 1) IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
            THEN coalesce(nullif(substr(c, strpos(c, '=') + 1), ''), quote_literal(''))
            ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END)
    FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) c
    LEFT JOIN pg_roles r ON r.oid = s.setrole
    LEFT JOIN pg_database d ON d.oid = s.setdatabase
    WHERE r.rolname IS DISTINCT FROM 'xlctl_internal'
    ORDER BY 1
$xl$;

------------------------------------------------------------------------------------------------
-- Who may call what

REVOKE ALL ON ALL ROUTINES IN SCHEMA xl FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA xl FROM PUBLIC;
GRANT USAGE ON SCHEMA xl TO PUBLIC;
-- Whoever makes an index on a table makes one on each partition.
GRANT USAGE, CREATE ON SCHEMA xl_parts TO PUBLIC;
GRANT EXECUTE ON ROUTINE xl.version(), xl.caller(), xl.path_parts(text), xl.patience(), xl.distribution(text), xl.stands_for(pg_sequence),
    xl.self(), xl.without_password(text), xl.not_inside_a_transaction_block(), xl.ddl(text), xl.create_table(text, text, int), xl.run(bigint),
    xl.nextval(regclass), xl.take_block(regclass), xl.setval(regclass, bigint), xl.set_sequence(bigint),
    xl.execute_direct(text, text), xl.execute_on_datanodes(text), xl.query_on(name[], bigint),
    xl.table_list()
    TO PUBLIC;
GRANT SELECT ON xl.tables, xl.partitions, xl.sequences TO PUBLIC;
GRANT INSERT (statement, details), SELECT (id) ON xl.request TO PUBLIC;
GRANT EXECUTE ON FUNCTION xl.apply(bigint, text, name, text, text, jsonb), xl.homes(), xl.require_homes(jsonb), xl.query_as(name, text, text), xl.stored(),
    xl.await_earlier_ddl(interval), xl.role_statements(), xl.setting_statements()
    TO xlctl_ddl;
