package xlctl.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import xlctl.store.Permissions.Right;
import xlctl.store.RecordTree.Access;

/** {@link Permissions} as the access control lists of ZooKeeper. */
final class AccessLists {
    private AccessLists() {}

    /** The list of a new record; the controller may also repair it. */
    static List<ACL> of(String path, Access access, Identity identity) {
        if (Permissions.isTop(path)) {
            return List.of(
                    new ACL(bits(Permissions.ofEveryoneAtTop()), ZooDefs.Ids.ANYONE_ID_UNSAFE));
        }
        List<ACL> list = new ArrayList<>();
        list.add(
                new ACL(
                        bits(Permissions.ofController(access)) | ZooDefs.Perms.ADMIN,
                        new Id("digest", identity.controllerAcl())));
        int agent = bits(Permissions.ofAgent(access));
        if (agent != 0) {
            list.add(new ACL(agent, new Id("digest", identity.agentAcl())));
        }
        return list;
    }

    private static int bits(Set<Right> rights) {
        return rights.stream().mapToInt(AccessLists::bit).reduce(0, (a, b) -> a | b);
    }

    private static int bit(Right right) {
        return switch (right) {
            case READ -> ZooDefs.Perms.READ;
            case WRITE -> ZooDefs.Perms.WRITE;
            case CREATE_BELOW -> ZooDefs.Perms.CREATE;
            case DELETE_BELOW -> ZooDefs.Perms.DELETE;
        };
    }
}
