/** How the names of hosts become addresses in this JVM. */
package xlctl.lookup;
