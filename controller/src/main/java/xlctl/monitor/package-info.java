/**
 * What the cluster looks like now: what is wanted, what the agents and the servers say, side by
 * side.
 */
package xlctl.monitor;
