/**
 * The cluster as values: names, nodes, instances, the whole {@link xlctl.topology.Topology}, and
 * pure changes on them. A value that exists is valid; what cannot be valid is refused when it is
 * made, with an {@link xlctl.topology.InvalidValueException} that says what was found and what is
 * allowed.
 *
 * <p>{@code Node} is always an entry of the cluster's catalog ({@code pgxc_node}), never a machine:
 * machines are hosts.
 */
package xlctl.topology;
