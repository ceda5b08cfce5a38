package xlctl.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerComplaintTest {
    /** As engines 20.10 and 28 write them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running? | NOT_RUNNING
                    permission denied while trying to connect to the Docker daemon socket at unix:///x: dial unix /x: connect: permission denied | NOT_ALLOWED
                    permission denied while trying to connect to the docker API at unix:///var/run/docker.sock | NOT_ALLOWED
                    Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again. | NO_SWARM
                    Error response from daemon: This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. | NOT_A_MANAGER
                    Error response from daemon: Swarm is encrypted and needs to be unlocked before it can be used. | LOCKED
                    Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader. | NO_LEADER
                    Error response from daemon: network with name c_cluster already exists | NAME_TAKEN
                    Error response from daemon: rpc error: code = AlreadyExists desc = name conflicts with an existing object: service c_a already exists | NAME_TAKEN
                    Error response from daemon: rpc error: code = InvalidArgument desc = secret 'c_s' is in use by the following service: c_a | IN_USE
                    Error response from daemon: remove c_a: volume is in use - [3c3bae] | IN_USE
                    Error response from daemon: rpc error: code = Unknown desc = update out of sequence | OUT_OF_SEQUENCE
                    Error response from daemon: get c_a: no such volume | GONE
                    Error response from daemon: service c_a not found | GONE
                    secret not found: c_s | GONE
                    Error response from daemon: no such image: x:1: No such image: x:1 | NO_IMAGE
                    Error response from daemon: invalid pool request: Pool overlaps with other one on this address space | SUBNET
                    Error response from daemon: something new | OTHER
                    """)
    void understandsWhatDockerSays(String text, DockerComplaint meant) {
        assertThat(DockerComplaint.of(text)).isEqualTo(meant);
    }
}
