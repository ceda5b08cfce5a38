package xlctl.agent.engine.xl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DefinitionsCopy;
import xlctl.agent.engine.postmaster.DefinitionsServer;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.NodeKind;

/** What a coordinator says of all databases, and how a new node takes it. */
record DefinitionsDump(Flavor flavor, Site site) implements DefinitionsCopy.Dump {

    @Override
    public Optional<String> of(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        List<String> options = new ArrayList<>(flavor.dumpOptions());
        Definitions definitions = new Definitions(source.dump("pg_dumpall", options));
        refuseWhatDumpsLose(source);
        if (flavor.needsShardingGroup()) {
            definitions = definitions.withDefaultGroup(groupFor(source));
        }
        return definitions.somethingOfUsers(site.secrets().verifiers())
                ? Optional.of(definitions.loadable())
                : Optional.empty();
    }

    /**
     * The group of a source, as a new node takes it. Where nothing is distributed over it, it is
     * made anew on every node when a datanode joins, and so by the datanode itself.
     */
    private Optional<String> groupFor(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        boolean taken = site.spec().kind() != NodeKind.DATANODE || ShardingGroup.usedAt(source);
        return taken ? ShardingGroup.definitionAt(source) : Optional.empty();
    }

    private void refuseWhatDumpsLose(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        if (flavor.lostInDumps().isEmpty()) {
            return;
        }
        String lost =
                source.rows(SuperuserConnections.MAINTENANCE_DATABASE, flavor.lostInDumps().get())
                        .strip();
        if (!lost.equals("0")) {
            throw new EngineException(
                    "the definitions of "
                            + source.address()
                            + " cannot be copied: "
                            + lost
                            + " of its shards were moved, which no dump says",
                    "move the shards back; nodes are added where each datanode has its own",
                    null);
        }
    }
}
