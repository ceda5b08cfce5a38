-- For agents

CREATE OR REPLACE FUNCTION xl.lock_ddl(who text, wait interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM xl.disconnect(ARRAY['xl_ddl_lock']);
    PERFORM xl.connect_gtm('xl_ddl_lock');
    PERFORM xl.ask('xl_ddl_lock', 'the GTM', format('SELECT xl.lock_ddl(%L, %L)', who, wait), wait + '10s');
END $xl$;

CREATE OR REPLACE FUNCTION xl.ddl_locked() RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT coalesce(xl.dblink_get_connections(), '{}') @> '{xl_ddl_lock}'
        AND xl.ask('xl_ddl_lock', 'the GTM', 'SELECT xl.ddl_locked()', '10s')::boolean
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
        SELECT * FROM jsonb_to_recordset(xl.ask('xl_gtm', 'the GTM',
            format('SELECT jsonb_agg(f) FROM xl.fate_of_ddl(%L) f', numbers), '10s')::jsonb)
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
-- what is within a database after it was made. From PostgreSQL 16 on a membership has a grantor, who
-- must be made an administrator of the role before; only initdb's superuser, whose oid is 10, needs
-- nobody for it. Before, grantors may have granted in a circle, and their order does not matter.
CREATE OR REPLACE FUNCTION xl.role_statements() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    WITH RECURSIVE membership AS (
        SELECT m.roleid, m.member, m.grantor, m.admin_option, columns ? 'set_option' AS is_of_grantor,
            format('ADMIN %s, INHERIT %s, SET %s', columns ->> 'admin_option', columns ->> 'inherit_option',
                columns ->> 'set_option') AS options
        FROM pg_auth_members m, to_jsonb(m) columns
    ), administrator AS (
        SELECT oid AS roleid, 10::oid AS member, 0 AS depth FROM pg_roles
        UNION
        SELECT m.roleid, m.member, a.depth + 1
        FROM membership m JOIN administrator a ON a.roleid = m.roleid AND a.member = m.grantor
        WHERE m.admin_option AND m.is_of_grantor AND m.member <> 10
    )
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
        WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'app', 'xlctl_internal', 'xlctl_ddl',
            'xlctl_monitor', 'xlctl_internal_2', 'xlctl_ddl_2', 'xlctl_monitor_2')
        UNION ALL
        SELECT 2 + coalesce((SELECT min(depth) FROM administrator a
                WHERE a.roleid = s.roleid AND a.member = s.grantor), 0),
            concat_ws(' ', r.rolname, m.rolname, g.rolname),
            format('GRANT %I TO %I%s', r.rolname, m.rolname,
                CASE WHEN is_of_grantor THEN format(' WITH %s GRANTED BY %I', options, g.rolname)
                    WHEN admin_option THEN ' WITH ADMIN OPTION' END)
        FROM membership s JOIN pg_roles r ON r.oid = s.roleid JOIN pg_roles m ON m.oid = s.member
            LEFT JOIN pg_roles g ON g.oid = s.grantor
        WHERE m.rolname NOT IN ('xlctl_internal', 'xlctl_ddl', 'xlctl_monitor',
            'xlctl_internal_2', 'xlctl_ddl_2', 'xlctl_monitor_2') AND m.rolname !~ '^pg_'
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
    WHERE coalesce(r.rolname NOT IN ('xlctl_internal', 'xlctl_internal_2'), true)
    ORDER BY 1
$xl$;
