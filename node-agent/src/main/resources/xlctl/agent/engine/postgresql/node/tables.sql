-- version 1
-- SQL over the whole cluster: what users call on coordinators, and what coordinators call on every
-- node. No state is kept in tables: which tables are distributed, and where their partitions are, is
-- read from the server's own catalogs.
--
-- Who may do what:
-- * A user's statement runs as that user on every node (xl.become). What must be done as the
--   superuser is in functions that only xlctl_ddl may call; coordinators connect as xlctl_ddl from
--   functions of the superuser, and nobody else can. Where this says xlctl_ddl or xlctl_internal, it
--   means xlctl_ddl_2 and xlctl_internal_2, too: each of two is used while the other one cannot log in.
-- * Rows are read and written on datanodes as xlctl_internal, by postgres_fdw. Functions of users in
--   constraints and indexes would run as xlctl_internal there: so they are refused, and that role may
--   do nothing but read and write rows.
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
