package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import xlctl.command.Command;
import xlctl.controller.ClientLogin;
import xlctl.controller.CommandResult;
import xlctl.controller.Controller;
import xlctl.controller.HostKeyOffer;
import xlctl.controller.OperationResult;
import xlctl.controller.OperationView;
import xlctl.controller.PlannedCommand;
import xlctl.monitor.ClusterView;
import xlctl.monitor.DeepView;
import xlctl.monitor.HostLogs;
import xlctl.monitor.HostMatrix;
import xlctl.monitor.HostView;
import xlctl.monitor.StoreView;
import xlctl.monitor.StoredTable;
import xlctl.operation.Listener;
import xlctl.store.Backup;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;

/** What the shell asks of a {@link Controller}, whose methods these are. */
public interface ClusterControl extends AutoCloseable {
    ClusterView look();

    StoreView store();

    List<DeepView> lookDeep(List<Instance> coordinators);

    List<HostView> hosts();

    HostMatrix hostMatrix();

    List<HostLogs> logs(int bytes);

    List<Secret> secrets();

    List<PlannedCommand> plan(List<Command> commands);

    List<CommandResult> run(List<Command> commands, Listener listener);

    List<OperationHeader> operations();

    Optional<OperationView> operation(long number);

    OperationResult resume(long number, Set<HostName> lost, Listener listener);

    OperationResult rollback(long number, Set<HostName> lost, Listener listener);

    Backup backup();

    OperationResult restore(Backup backup, boolean older, Listener listener);

    HostKeyOffer offeredKey(HostName host, Optional<HostPort> agent);

    HostRecord acceptHost(HostKeyOffer offer);

    ClientLogin clientLogin();

    Optional<String> certificateAuthority();

    List<StoredTable> storedTables(NodeName datanode, SqlName database, Optional<SqlName> owner);

    void cancel();

    @Override
    void close();

    static ClusterControl of(Controller controller) {
        return new ClusterControl() {
            @Override
            public ClusterView look() {
                return controller.look();
            }

            @Override
            public StoreView store() {
                return controller.store();
            }

            @Override
            public List<DeepView> lookDeep(List<Instance> coordinators) {
                return controller.lookDeep(coordinators);
            }

            @Override
            public List<HostView> hosts() {
                return controller.hosts();
            }

            @Override
            public HostMatrix hostMatrix() {
                return controller.hostMatrix();
            }

            @Override
            public List<HostLogs> logs(int bytes) {
                return controller.logs(bytes);
            }

            @Override
            public List<Secret> secrets() {
                return controller.secrets();
            }

            @Override
            public List<PlannedCommand> plan(List<Command> commands) {
                return controller.plan(commands);
            }

            @Override
            public List<CommandResult> run(List<Command> commands, Listener listener) {
                return controller.run(commands, listener);
            }

            @Override
            public List<OperationHeader> operations() {
                return controller.operations();
            }

            @Override
            public Optional<OperationView> operation(long number) {
                return controller.operation(number);
            }

            @Override
            public OperationResult resume(long number, Set<HostName> lost, Listener listener) {
                return controller.resume(number, lost, listener);
            }

            @Override
            public OperationResult rollback(long number, Set<HostName> lost, Listener listener) {
                return controller.rollback(number, lost, listener);
            }

            @Override
            public Backup backup() {
                return controller.backup();
            }

            @Override
            public OperationResult restore(Backup backup, boolean older, Listener listener) {
                return controller.restore(backup, older, listener);
            }

            @Override
            public HostKeyOffer offeredKey(HostName host, Optional<HostPort> agent) {
                return controller.offeredKey(host, agent);
            }

            @Override
            public HostRecord acceptHost(HostKeyOffer offer) {
                return controller.acceptHost(offer);
            }

            @Override
            public ClientLogin clientLogin() {
                return controller.clientLogin();
            }

            @Override
            public Optional<String> certificateAuthority() {
                return controller.certificateAuthority();
            }

            @Override
            public List<StoredTable> storedTables(
                    NodeName datanode, SqlName database, Optional<SqlName> owner) {
                return controller.storedTables(datanode, database, owner);
            }

            @Override
            public void cancel() {
                controller.cancel();
            }

            @Override
            public void close() {
                controller.close();
            }
        };
    }
}
