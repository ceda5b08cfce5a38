/**
 * The seam between the agent and server software. An {@link xlctl.agent.engine.Engine} knows how
 * servers of one kind are made, started and asked; it starts no server and keeps no record: which
 * instances there are, and whether they should run, is the host's concern.
 */
package xlctl.agent.engine;
