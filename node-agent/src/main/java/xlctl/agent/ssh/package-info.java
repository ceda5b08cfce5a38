/**
 * The agent's front: an SSH server without a shell. Controllers speak {@link
 * xlctl.agent.api.Frame}s over a subsystem, many calls at a time; people send one reading word. All
 * else is refused. This package owns MINA SSHD.
 */
package xlctl.agent.ssh;
