-- version 1
-- What must be global, at the GTM: the lock and the record of DDL, and the numbers of sequences.
-- Other servers come as xlctl_ddl, and for numbers as xlctl_internal, or as the second ones of these.

CREATE SCHEMA IF NOT EXISTS xl;

-- One row for each DDL. Undecided while committed is null; decided once, by one update. The statement
-- is told with the decision, when it is known to have no secrets in it.
CREATE TABLE IF NOT EXISTS xl.ddl (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    database name NOT NULL,
    coordinator name NOT NULL,
    role name NOT NULL,
    statement text,
    begun timestamptz NOT NULL DEFAULT clock_timestamp(),
    committed boolean,
    decided timestamptz,
    finished timestamptz
);

-- A global sequence. Its numbers come from xl.s<id>, one block at a time.
CREATE TABLE IF NOT EXISTS xl.sequence (
    id bigint PRIMARY KEY,
    database name NOT NULL,
    name text NOT NULL,
    step bigint NOT NULL,
    block bigint NOT NULL,
    least bigint NOT NULL,
    greatest bigint NOT NULL
);

CREATE OR REPLACE FUNCTION xl.version() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';

-- Takes the DDL lock for this session, which says who it is by its application_name. Whoever has the
-- lock knows that all DDL which is undecided is dead.
CREATE OR REPLACE FUNCTION xl.lock_ddl(who text, wait interval) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    holder record;
BEGIN
    PERFORM set_config('application_name', who, false);
    PERFORM set_config('idle_session_timeout', '0', false);
    PERFORM set_config(
        'lock_timeout', greatest(1, extract(epoch FROM wait) * 1000)::bigint::text, false);
    PERFORM pg_advisory_lock(30828, 1);
    UPDATE xl.ddl SET committed = false, decided = clock_timestamp() WHERE committed IS NULL;
EXCEPTION WHEN lock_not_available THEN
    SELECT a.application_name AS who, date_trunc('second', a.backend_start) AS since INTO holder
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.classid = 30828 AND l.objid = 1 AND l.objsubid = 2 AND l.granted;
    RAISE EXCEPTION 'definitions are being changed by %, since %',
            coalesce(holder.who, 'another session'), coalesce(holder.since::text, 'a moment ago')
        USING ERRCODE = 'lock_not_available',
            HINT = 'Try again when that has ended, or wait longer: SET xl.lock_timeout = ''5min''.';
END $xl$;

CREATE OR REPLACE FUNCTION xl.ddl_locked() RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 30828 AND objid = 1 AND objsubid = 2
            AND granted AND pid = pg_backend_pid())
$xl$;

-- Begins a DDL.
CREATE OR REPLACE FUNCTION xl.begin_ddl(database name, coordinator name, role name) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    number bigint;
BEGIN
    IF NOT xl.ddl_locked() THEN
        RAISE EXCEPTION 'the DDL lock is not held by this session';
    END IF;
    INSERT INTO xl.ddl (database, coordinator, role)
        VALUES (database, coordinator, role) RETURNING id INTO number;
    DELETE FROM xl.ddl WHERE id < number - 10000 AND finished IS NOT NULL;
    RETURN number;
END $xl$;

-- Decides for a DDL, and makes its sequences in the same transaction. False: it was decided against.
CREATE OR REPLACE FUNCTION xl.commit_ddl(number bigint, text_of_it text, sequences jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    made record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    UPDATE xl.ddl SET committed = true, decided = clock_timestamp(), statement = text_of_it
        WHERE id = number AND committed IS NULL AND xl.ddl_locked();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    FOR made IN
        SELECT d.database, s.*
        FROM xl.ddl d, jsonb_to_recordset(sequences)
            AS s (id bigint, name text, start bigint, step bigint, block bigint, least bigint, greatest bigint)
        WHERE d.id = number
    LOOP
        INSERT INTO xl.sequence
            VALUES (made.id, made.database, made.name, made.step, made.block, made.least, made.greatest);
        EXECUTE format(
            'CREATE SEQUENCE xl.%I AS bigint INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s NO CYCLE',
            's' || made.id, made.step * made.block, made.least, made.greatest, made.start);
    END LOOP;
    RETURN true;
END $xl$;

CREATE OR REPLACE FUNCTION xl.abandon_ddl(number bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    UPDATE xl.ddl SET committed = false, decided = clock_timestamp(), finished = clock_timestamp()
    WHERE id = number AND committed IS NULL
$xl$;

-- Every node has done what was decided: the record may be trimmed one day.
CREATE OR REPLACE FUNCTION xl.finish_ddl(number bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
    UPDATE xl.ddl SET finished = clock_timestamp() WHERE id = number AND committed
$xl$;

-- What became of some DDL; null where nobody knows yet. When the lock is free nobody runs one, and
-- those that are undecided are decided against.
CREATE OR REPLACE FUNCTION xl.fate_of_ddl(numbers bigint[]) RETURNS TABLE (id bigint, recorded boolean, committed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    IF pg_try_advisory_xact_lock(30828, 1) THEN
        PERFORM set_config('synchronous_commit', 'on', true);
        UPDATE xl.ddl d SET committed = false, decided = clock_timestamp()
            WHERE d.id = ANY (numbers) AND d.committed IS NULL;
    END IF;
    RETURN QUERY
        SELECT n, d.id IS NOT NULL, d.committed FROM unnest(numbers) n LEFT JOIN xl.ddl d ON d.id = n;
END $xl$;

-- A sequence is logged some numbers ahead, and who takes one of those has nothing of its own to make
-- durable: the message makes its commit wait for what another one logged and perhaps rolled back.
CREATE OR REPLACE FUNCTION xl.take_block(sequence bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
DECLARE
    first CONSTANT bigint := nextval(format('xl.%I', 's' || sequence)::regclass);
BEGIN
    PERFORM pg_logical_emit_message(true, 'xl', '');
    RETURN first;
END $xl$;

-- To read a row of it takes a block of numbers. Other servers have it as a foreign table.
CREATE OR REPLACE VIEW xl.block AS SELECT id, xl.take_block(id) AS first, step, block, least, greatest FROM xl.sequence;

CREATE OR REPLACE FUNCTION xl.set_sequence(number bigint, value bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $xl$
BEGIN
    PERFORM setval(format('xl.%I', 's' || id)::regclass, value + step, false)
        FROM xl.sequence WHERE id = number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the GTM has no sequence %', number;
    END IF;
END $xl$;

REVOKE ALL ON ALL ROUTINES IN SCHEMA xl FROM PUBLIC;
GRANT USAGE ON SCHEMA xl TO xlctl_internal, xlctl_ddl;
GRANT SELECT ON xl.block, xl.sequence TO xlctl_internal;
GRANT EXECUTE ON FUNCTION xl.take_block(bigint) TO xlctl_internal;
GRANT EXECUTE ON FUNCTION xl.version(), xl.lock_ddl(text, interval), xl.ddl_locked(),
    xl.begin_ddl(name, name, name), xl.commit_ddl(bigint, text, jsonb), xl.abandon_ddl(bigint),
    xl.finish_ddl(bigint), xl.fate_of_ddl(bigint[]), xl.set_sequence(bigint, bigint)
    TO xlctl_ddl;
