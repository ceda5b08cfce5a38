package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import xlctl.json.JsonTree;

class ServiceReadingTest {
    @Test
    void readsTheFurtherGroupOfAService() {
        assertThat(control("\"Groups\": [\"105\"]").groups()).containsExactly(105);
    }

    @Test
    void readsTheGroupThatAStackFileGave() {
        assertThat(control("\"User\": \"5432:105\"").groups()).containsExactly(105);
    }

    @Test
    void readsNoGroupWhereNoneIsGiven() {
        assertThat(control("\"User\": \"5432\"").groups()).isEmpty();
    }

    private static ServiceSpec control(String words) {
        return ServiceReading.of(
                        JsonTree.read(
                                """
                                {"Spec": {
                                  "Name": "postgresql-1_control",
                                  "Labels": {
                                    "xlctl.cluster": "postgresql-1",
                                    "xlctl.part": "control"},
                                  "TaskTemplate": {"ContainerSpec": {
                                    "Image": "xlctl:1", %s}}}}
                                """
                                        .formatted(words),
                                "a service"),
                        Map.of())
                .orElseThrow();
    }
}
