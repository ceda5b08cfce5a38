/**
 * The instances of one host: remembered in files that survive a crash, prepared and removed,
 * started and kept running, their catalogs kept as the topology says, and all of it reported. What
 * a controller asks comes in through {@link xlctl.agent.host.AgentHost}.
 */
package xlctl.agent.host;
