/** What an agent is told by its configuration file. */
package xlctl.agent.config;
