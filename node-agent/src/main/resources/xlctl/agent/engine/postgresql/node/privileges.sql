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
    xl.await_earlier_ddl(interval), xl.hide(), xl.role_statements(), xl.setting_statements()
    TO xlctl_ddl;
