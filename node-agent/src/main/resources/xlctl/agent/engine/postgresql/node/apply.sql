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
    passwords jsonb;
    own_roles text;
    exposed name;
    sequences jsonb;
BEGIN
    IF membership <> xl.membership() THEN
        RAISE EXCEPTION 'it knows other members of the cluster than the calling coordinator does'
            USING HINT = 'The agent of one of them has not yet applied the newest topology: see status.';
    END IF;
    PERFORM xl.await_earlier_ddl(current_setting('lock_timeout')::interval);
    PERFORM set_config('session_replication_role', 'origin', true);
    -- What agents change of roles meanwhile would be taken for the statement's doing.
    LOCK TABLE pg_authid IN SHARE MODE;
    passwords := (SELECT jsonb_object_agg(oid, rolpassword) FROM pg_authid);
    own_roles := xl.own_roles();
    PERFORM xl.run_as(role, path, statement);
    IF xl.own_roles() IS DISTINCT FROM own_roles THEN
        RAISE EXCEPTION 'postgres, app and the roles of xlctl itself are not changed'
            USING ERRCODE = 'feature_not_supported', HINT = 'Createuser in the shell of xlctl makes a role of your own.';
    END IF;
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

-- The roles that xlctl makes and keeps as they are, who is a member of those that work for it, and
-- their settings.
CREATE OR REPLACE FUNCTION xl.own_roles() RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    WITH own AS (
        SELECT oid, rolname, a::text AS properties FROM pg_authid a
        WHERE rolname IN ('postgres', 'xlctl_internal', 'xlctl_ddl', 'xlctl_monitor',
            'xlctl_internal_2', 'xlctl_ddl_2', 'xlctl_monitor_2', 'app')
    )
    SELECT jsonb_build_array(
        (SELECT jsonb_agg(properties ORDER BY oid) FROM own),
        (SELECT jsonb_agg(m::text ORDER BY m::text) FROM pg_auth_members m
            JOIN own ON own.oid IN (m.roleid, m.member) AND rolname ~ '^xlctl_'),
        (SELECT jsonb_agg(s::text ORDER BY s::text) FROM pg_db_role_setting s
            JOIN own ON own.oid = s.setrole AND rolname ~ '^xlctl_'))::text
$xl$;

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
    SELECT c.oid::regclass AS relation INTO culprit
    FROM pg_class c JOIN xl.noted n ON n.class = 'pg_class'::regclass AND n.object = c.oid
    WHERE c.relrowsecurity LIMIT 1;
    IF FOUND THEN
        -- The server checks no policy for a row that goes into a foreign table.
        RAISE EXCEPTION 'row security of % would not check the rows that are written', culprit.relation
            USING ERRCODE = 'feature_not_supported',
                HINT = 'Views WITH CHECK OPTION are checked: grant rights on them instead of the table.';
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
        ELSIF (xl.self()).node_name = spec ->> 'home' THEN
            -- By this, too, it is known as the home, where no row is yet.
            EXECUTE format('GRANT TRUNCATE ON %s TO xlctl_internal', made.oid::regclass);
        END IF;
        RETURN;
    END IF;
    SELECT array_agg(key) INTO keys FROM jsonb_array_elements_text(spec -> 'keys') key;
    PERFORM xl.require_keys(made.oid, keys);
    PERFORM xl.make_partitioned(made, format('HASH (%s)', (SELECT string_agg(quote_ident(key), ', ') FROM unnest(keys) key)), spec);
END $xl$;

-- Whether the hash of a value is that of an oid, as it is of enums: nodes have oids of their own.
CREATE OR REPLACE FUNCTION xl.hashed_by_oid(type oid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    WITH RECURSIVE part (type) AS (
        SELECT type
        UNION
        SELECT inner_type FROM part JOIN pg_type t ON t.oid = part.type CROSS JOIN LATERAL (
            SELECT t.typelem WHERE t.typsubscript = 'array_subscript_handler'::regproc
            UNION ALL SELECT t.typbasetype
            UNION ALL SELECT rngsubtype FROM pg_range WHERE t.oid IN (rngtypid, rngmultitypid)
            UNION ALL SELECT atttypid FROM pg_attribute WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped
        ) i (inner_type)
    )
    SELECT EXISTS (
        SELECT FROM part JOIN pg_type t ON t.oid = part.type
        WHERE t.typtype = 'e' OR t.typnamespace = 'pg_catalog'::regnamespace AND t.typname ~ '^reg')
$xl$;

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
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type INTO culprit FROM pg_attribute a
    WHERE a.attrelid = made AND a.attname = ANY (keys) AND xl.hashed_by_oid(a.atttypid)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% cannot be distributed by "%": values of the type % have another hash on each node',
                made::regclass, culprit.attname, culprit.type
            USING ERRCODE = 'feature_not_supported', HINT = 'Distribute it by a column of a type such as bigint or text.';
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

-- After definitions were loaded from a dump: it says of no sequence how far it counted, and of
-- replicated tables that their home is here.
CREATE OR REPLACE FUNCTION xl.settle() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    copied regclass;
BEGIN
    PERFORM setval(s.seqrelid, s.seqmax, true) FROM pg_sequence s WHERE xl.stands_for(s) IS NOT NULL;
    FOR copied IN
        SELECT c.oid FROM pg_class c
        WHERE c.relkind = 'r' AND has_table_privilege('xlctl_internal', c.oid, 'TRUNCATE')
    LOOP
        EXECUTE format('REVOKE TRUNCATE ON %s FROM xlctl_internal', copied);
    END LOOP;
END $xl$;
