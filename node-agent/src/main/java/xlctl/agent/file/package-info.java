/** Files of the agent's own that are whole and private, or not there. */
package xlctl.agent.file;
