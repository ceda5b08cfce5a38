/**
 * Makes a home: the directory where a shell keeps its settings, the SSH key by which agents know
 * it, and its ZooKeeper identity. Nothing that is there is overwritten.
 */
package xlctl.shell.home;
