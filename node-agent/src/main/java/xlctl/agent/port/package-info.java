/** Who holds a TCP port of this host. */
package xlctl.agent.port;
