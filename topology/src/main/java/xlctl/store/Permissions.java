package xlctl.store;

import java.util.EnumSet;
import java.util.Set;
import xlctl.store.RecordTree.Access;

/**
 * Who may do what with a record, by its {@link Access}. A record's creation and deletion are rights
 * on its parent, as in ZooKeeper.
 */
final class Permissions {
    /** What a record's access is asked about. */
    enum Right {
        READ,
        WRITE,
        CREATE_BELOW,
        DELETE_BELOW
    }

    private Permissions() {}

    static Set<Right> ofController(Access access) {
        return access == Access.AGENT
                ? EnumSet.of(Right.READ, Right.DELETE_BELOW)
                : EnumSet.allOf(Right.class);
    }

    static Set<Right> ofAgent(Access access) {
        return switch (access) {
            case AGENT -> EnumSet.allOf(Right.class);
            case CLUSTER -> EnumSet.of(Right.READ);
            case CONTROLLER -> EnumSet.noneOf(Right.class);
        };
    }

    /**
     * The rights of everyone on a path of one word, {@code /xlctl}: clusters with different
     * identities live below it.
     */
    static Set<Right> ofEveryoneAtTop() {
        return EnumSet.of(Right.READ, Right.CREATE_BELOW);
    }

    static boolean isTop(String path) {
        return path.lastIndexOf('/') == 0;
    }
}
