/**
 * What the cluster remembers, kept in ZooKeeper: the one owner of Curator and ZooKeeper. A {@link
 * xlctl.store.RecordTree} stores bytes under paths with versions; {@link xlctl.store.ClusterStore}
 * gives them their types and is what everyone else uses. Every write names the version it read.
 */
package xlctl.store;
