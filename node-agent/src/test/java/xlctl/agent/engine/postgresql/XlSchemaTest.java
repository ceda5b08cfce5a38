package xlctl.agent.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import xlctl.topology.NodeKind;

class XlSchemaTest {
    private static final String SCRIPT = "-- version 7\nSELECT 1;\n";

    @Test
    void bothScriptsSayTheirVersions() {
        for (NodeKind kind : new NodeKind[] {NodeKind.GTM, NodeKind.COORDINATOR}) {
            assertThat(XlSchema.of(kind).version()).isPositive();
        }
    }

    @Test
    void theMarkTellsKindVersionAndText() {
        XlSchema schema = XlSchema.of(NodeKind.DATANODE, SCRIPT);

        assertThat(schema.version()).isEqualTo(7);
        assertThat(schema.mark())
                .matches("xlctl's, for a datanode, version 7, SHA-256 [0-9a-f]{64}")
                .isNotEqualTo(XlSchema.of(NodeKind.COORDINATOR, SCRIPT).mark())
                .isNotEqualTo(XlSchema.of(NodeKind.DATANODE, SCRIPT + "--").mark());
    }

    @Test
    void aScriptThatDoesNotSayItsVersionIsRefused() {
        assertThatThrownBy(() -> XlSchema.of(NodeKind.GTM, "SELECT 1; -- version 7\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
