package xlctl.agent.host;

import xlctl.topology.EngineKind;

class OpenTenBaseHostTest extends SharedDefinitionsContract {
    @Override
    protected EngineKind engine() {
        return EngineKind.OPENTENBASE;
    }

    @Override
    protected String distributed(String table) {
        return "CREATE TABLE " + table + " DISTRIBUTE BY SHARD (id)";
    }
}
