/**
 * A whole cluster on one machine: an embedded ZooKeeper and seven agents, each a process of its own
 * on an address of its own, and the commands of {@code examples/quickstart.xlctl} run on them. What
 * it starts outlives it; {@code --down} ends and removes that, and nothing else.
 */
package xlctl.shell.quickstart;
