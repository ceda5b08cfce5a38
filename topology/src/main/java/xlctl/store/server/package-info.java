/**
 * A ZooKeeper server in a process of ours: for the quickstart, small installations and tests. Large
 * ones bring an ensemble of their own.
 */
package xlctl.store.server;
