package xlctl.shell.answer;

/**
 * What a reading command answers. Its components, and those of the records in it, are the fields of
 * docs/output.md: one that is renamed, removed or given another meaning makes a new {@link
 * #FORMAT}; a new one does not.
 */
public sealed interface Answer
        permits MonitorAnswer,
                StatusAnswer,
                ConfigAnswer,
                TablesAnswer,
                HostsAnswer,
                HostMatrixAnswer,
                OperationsAnswer,
                OperationAnswer,
                PlansAnswer,
                SettingsAnswer,
                HistoryAnswer,
                SwarmAnswer,
                StackFileAnswer,
                AuthorityAnswer,
                ChangeAnswer {
    /** The version of all these schemas. */
    int FORMAT = 1;

    /** Which of them it is. */
    String kind();

    /** What of it fits a table. */
    Rows rows();
}
