/**
 * What the cluster looks like now: what is wanted, what the agents and the servers say, side by
 * side; whether coordinators read and write, what datanodes hold, the ends of logs, which hosts
 * reach which. Speaks JDBC to servers whose agent is silent.
 */
package xlctl.monitor;
