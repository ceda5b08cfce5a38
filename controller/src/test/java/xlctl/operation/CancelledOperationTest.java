package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.OperationHeader;
import xlctl.topology.NodeKind;

/** An operation that its operator ends. */
class CancelledOperationTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private final World world = new World("h1", "h2");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aCancelledAddIsUndone() {
        world.with(GTM);
        World.Picture before = world.picture();
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                cancellation.fire();
                                cancellation.fire();
                            }
                        });

        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("cancelled");
        assertThat(world.picture()).isEqualTo(before);
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
    }

    @Test
    void cancellingDoesNotWaitForASilentAgent() {
        world.with(GTM);
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start start
                                    && start.instance().node().value().equals("coord_1")) {
                                world.agents().silence("h2");
                                new Thread(cancellation::fire, "operator").start();
                            }
                            if (request instanceof Request.Discard) {
                                world.agents().bringBack("h2");
                            }
                        });

        long began = System.nanoTime();
        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(8);
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertThat(world.agents().host("h2").instances()).isEmpty();
    }

    @Test
    void anOperationCancelledPastItsCommitPointIsResumable() {
        world.with(GTM);
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.AwaitConvergence) {
                                cancellation.fire();
                                world.agents().silence("h1");
                                world.agents().silence("h2");
                            }
                        });

        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.STUCK);
        assertThat(outcome.problems().toString()).contains("operation resume 2");
        world.agents().onRequest(request -> {});
        world.agents().bringBack("h1");
        world.agents().bringBack("h2");
        assertThat(controller.resume(2, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
    }
}
