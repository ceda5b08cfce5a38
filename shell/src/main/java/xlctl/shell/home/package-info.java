/**
 * A home: the directory where a shell keeps its settings, the SSH key by which agents know it, and
 * its ZooKeeper identity.
 */
package xlctl.shell.home;
