package xlctl.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.topology.InstanceName;
import xlctl.topology.SqlName;

/** The databases of a host's servers, as an agent makes and drops them. Not thread-safe. */
final class FakeDatabases {
    private static final long OPEN = 0;

    private final Map<String, Long> madeBy = new TreeMap<>();

    void add(InstanceName instance, SqlName name) {
        madeBy.put(key(instance, name), OPEN);
    }

    void forget(InstanceName instance) {
        madeBy.keySet().removeIf(key -> key.startsWith(instance + " "));
    }

    List<String> list() {
        return madeBy.entrySet().stream()
                .map(each -> each.getKey() + (each.getValue() == OPEN ? "" : " closed"))
                .toList();
    }

    /** Empty for a request that is not about a database. */
    Optional<Reply> change(Request.AtInstance request) {
        long operation = request.key().operation();
        if (request instanceof Request.CreateDatabase create) {
            String key = key(create.instance(), create.name());
            if (madeBy.getOrDefault(key, operation) != operation) {
                return Optional.of(Reply.Failed.refused(key + " is there already", "another"));
            }
            madeBy.put(key, operation);
        } else if (request instanceof Request.OpenDatabase open) {
            madeBy.replace(key(open.instance(), open.name()), operation, OPEN);
        } else if (request instanceof Request.DropDatabase drop) {
            madeBy.remove(key(drop.instance(), drop.name()), operation);
        } else {
            return Optional.empty();
        }
        return Optional.of(new Reply.Done(""));
    }

    private static String key(InstanceName instance, SqlName name) {
        return instance + " " + name;
    }
}
