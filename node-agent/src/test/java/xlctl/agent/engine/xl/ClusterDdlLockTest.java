package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.EngineKind;
import xlctl.topology.ServerRole;

/** How DDL is kept out of a real Postgres-XL cluster. */
@Tag(RealEngine.TAG)
class ClusterDdlLockTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String END_LOCKING_SESSIONS =
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'ShareRowExclusiveLock'"
                    + " AND relation = 'pg_catalog.pg_class'::regclass";

    private RunningCluster cluster;

    @BeforeEach
    void startACoordinatorAndADatanode(@TempDir Path directory) throws Exception {
        cluster = RunningCluster.startWithCoordinatorAndDatanode(EngineKind.POSTGRES_XL, directory);
    }

    @AfterEach
    void endServers() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void theLockIsOneForTheWholeCluster() throws Exception {
        cluster.prepare("coord_2");
        cluster.start("coord_2");
        cluster.join("coord_2");
        cluster.execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");
        try (ServerLink first = cluster.link("coord_1");
                ServerLink second = cluster.link("coord_2")) {
            try (DdlLock lock = first.lockDdl()) {
                assertThatThrownBy(second::lockDdl).hasMessageContaining("already held");
                assertThat(lock.held()).isTrue();
                for (String database : List.of("postgres", "shop")) {
                    assertThatThrownBy(
                                    () ->
                                            cluster.executeIn(
                                                    database, "coord_2", "CREATE TABLE t (i int)"))
                            .as(database)
                            .hasMessageContaining("locked cluster");
                }
            }
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> second.lockDdl().close());
        }
    }

    @Test
    void aSingleCoordinatorKeepsDdlOutToo() throws Exception {
        cluster.execute(
                "coord_1",
                ServerRole.SUPERUSER,
                "CREATE DATABASE shop",
                "CREATE TABLE orders (id int)");
        try (ServerLink link = cluster.link("coord_1")) {
            try (DdlLock lock = link.lockDdl()) {
                assertThatThrownBy(link::lockDdl).isInstanceOf(EngineException.class);
                assertThat(lock.held()).isTrue();
                for (String database : List.of("postgres", "shop")) {
                    for (String ddl :
                            List.of(
                                    "CREATE TABLE t (i int)",
                                    "CREATE ROLE alice",
                                    "CREATE SCHEMA s",
                                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                                    "ALTER ROLE app SET work_mem = '1MB'")) {
                        assertThatThrownBy(
                                        () ->
                                                cluster.executeIn(
                                                        database,
                                                        "coord_1",
                                                        "SET lock_timeout = '200ms'",
                                                        ddl))
                                .as(database + ": " + ddl)
                                .hasMessageContaining("lock timeout");
                    }
                }
                cluster.execute("coord_1", ServerRole.SUPERUSER, "INSERT INTO orders VALUES (1)");
            }
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> cluster.executeIn("shop", "coord_1", "CREATE TABLE t (i int)"));
        }
    }

    @Test
    void aDatanodeMayComeWhileTheLockIsBeingTaken() throws Exception {
        cluster.prepare("coord_2");
        cluster.start("coord_2");
        try (SuperuserConnections connections = new SuperuserConnections(cluster.site("coord_2"));
                Connection connection = connections.open();
                DdlLock lock =
                        ClusterDdlLock.take(
                                connection,
                                onOpening(2, connections, () -> cluster.join("coord_2")),
                                false)) {
            assertThat(lock.held()).isTrue();
        }
    }

    @Test
    void isTakenAgainWhenItsSessionEndsAndNothingWasDefinedMeanwhile() throws Exception {
        try (ServerLink link = cluster.link("coord_1");
                DdlLock lock = link.lockDdl()) {
            cluster.execute("coord_1", ServerRole.SUPERUSER, END_LOCKING_SESSIONS);

            assertThat(lock.held()).isTrue();
            assertThatThrownBy(
                            () ->
                                    cluster.executeIn(
                                            "postgres",
                                            "coord_1",
                                            "SET lock_timeout = '200ms'",
                                            "CREATE TABLE t (i int)"))
                    .hasMessageContaining("lock timeout");
        }
    }

    @Test
    void isLostWhenItsSessionEndsAndSomethingWasDefinedMeanwhile() throws Exception {
        try (ServerLink link = cluster.link("coord_1");
                DdlLock lock = link.lockDdl()) {
            cluster.execute("coord_1", ServerRole.SUPERUSER, END_LOCKING_SESSIONS);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    cluster.executeIn(
                                            "postgres", "coord_1", "CREATE TABLE t (i int)"));

            assertThat(lock.held()).isFalse();
        }
    }

    @Test
    void isRefusedWhenADatabaseIsMadeWhileItIsBeingTaken() throws Exception {
        try (SuperuserConnections connections = new SuperuserConnections(cluster.site("coord_1"));
                Connection connection = connections.open()) {
            Event createShop =
                    () -> cluster.execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");

            assertThatThrownBy(
                            () ->
                                    ClusterDdlLock.take(
                                            connection,
                                            onOpening(1, connections, createShop),
                                            true))
                    .hasMessageContaining("database was made");
        }
        try (ServerLink link = cluster.link("coord_1")) {
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> link.lockDdl().close());
        }
    }

    /** Something that is done by others. */
    @FunctionalInterface
    private interface Event {
        void happen() throws Exception;
    }

    private static Databases.Door onOpening(
            int number, SuperuserConnections connections, Event event) {
        AtomicInteger openings = new AtomicInteger();
        return database -> {
            if (openings.incrementAndGet() == number) {
                try {
                    event.happen();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return connections.open(database);
        };
    }
}
