package xlctl.agent.host;

import xlctl.topology.EngineKind;

class PostgresXlHostTest extends SharedDefinitionsContract {
    @Override
    protected EngineKind engine() {
        return EngineKind.POSTGRES_XL;
    }

    @Override
    protected String distributed(String table) {
        return "CREATE TABLE " + table + " DISTRIBUTE BY HASH (id)";
    }
}
