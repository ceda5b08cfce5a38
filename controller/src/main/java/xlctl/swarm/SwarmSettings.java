package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What is the same for all services that a shell makes.
 *
 * @param always whether an {@code add} for a host that is not registered makes a service for it
 *     without being told
 */
public record SwarmSettings(
        boolean always, String image, ServiceSpec.Limits limits, Duration stopGrace) {
    public SwarmSettings {
        requireNonNull(image, "image is null");
        requireNonNull(limits, "limits is null");
        requireNonNull(stopGrace, "stopGrace is null");
    }
}
