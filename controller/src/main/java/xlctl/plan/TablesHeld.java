package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.api.Reply;
import xlctl.topology.Problem;

/** That a member cannot be removed because it holds tables of users. */
public final class TablesHeld {
    private static final int NAMED = 10;

    private TablesHeld() {}

    /**
     * @param member as people call it
     * @return empty when it holds none
     */
    public static Optional<Problem> by(String member, Reply.UserTables tables) {
        if (tables.total() == 0) {
            return Optional.empty();
        }
        List<String> named =
                tables.tables().stream().limit(NAMED).collect(Collectors.toUnmodifiableList());
        int more = tables.total() - named.size();
        return Optional.of(
                Problem.of(
                        member
                                + " holds "
                                + tables.total()
                                + (tables.total() == 1 ? " table" : " tables")
                                + " of users: "
                                + String.join(", ", named)
                                + (more > 0 ? " and " + more + " more" : ""),
                        "move or drop these tables first"));
    }
}
