/**
 * Tells whether the agent is at work to whoever asks on this host, such as the health check of a
 * container. It is about the agent: servers that fail are its own business.
 */
package xlctl.agent.health;
