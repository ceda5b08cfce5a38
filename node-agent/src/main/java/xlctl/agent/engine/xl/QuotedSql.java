package xlctl.agent.engine.xl;

/** Names and values in statements about nodes, which take no parameters. */
final class QuotedSql {
    private QuotedSql() {}

    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
