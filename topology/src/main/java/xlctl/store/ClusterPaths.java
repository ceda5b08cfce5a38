package xlctl.store;

import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeName;

/** Where the records of one cluster lie. */
record ClusterPaths(ClusterName cluster) {

    String root() {
        return "/xlctl/" + cluster;
    }

    String topology() {
        return root() + "/topology";
    }

    String lineage() {
        return root() + "/lineage";
    }

    String nodes() {
        return root() + "/nodes";
    }

    String node(NodeName name) {
        return nodes() + "/" + name;
    }

    String hosts() {
        return root() + "/hosts";
    }

    String host(HostName name) {
        return hosts() + "/" + name;
    }

    String presences() {
        return root() + "/presence";
    }

    String presence(HostName name) {
        return presences() + "/" + name;
    }

    String instances() {
        return root() + "/instances";
    }

    String instance(InstanceName name) {
        return instances() + "/" + name;
    }

    String lock() {
        return root() + "/lock";
    }

    String secrets() {
        return root() + "/secrets";
    }

    String operations() {
        return root() + "/operations";
    }

    String operation(long number) {
        return operations() + "/" + String.format("%010d", number);
    }

    String plan(long number) {
        return operation(number) + "/plan";
    }

    String planChunk(long number, int chunk) {
        return plan(number) + "/" + String.format("%04d", chunk);
    }

    String steps(long number) {
        return operation(number) + "/steps";
    }

    String step(long number, int step) {
        return steps(number) + "/" + String.format("%04d", step);
    }
}
