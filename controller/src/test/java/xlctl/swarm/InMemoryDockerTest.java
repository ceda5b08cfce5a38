package xlctl.swarm;

import xlctl.topology.ClusterName;

class InMemoryDockerTest extends DockerContract {
    private final InMemoryDocker docker = new InMemoryDocker();

    InMemoryDockerTest() {
        docker.withImage("image:1");
    }

    @Override
    Docker docker() {
        return docker;
    }

    @Override
    ClusterName cluster() {
        return new ClusterName("c-1");
    }

    @Override
    String image() {
        return "image:1";
    }
}
