/**
 * What statements do. A {@link xlctl.shell.script.Script} is read to its end and understood as a
 * whole before anything runs; the {@link xlctl.shell.script.Interpreter} does its statements, and
 * those of the prompt and the command line, against a {@link xlctl.shell.script.ClusterControl}.
 */
package xlctl.shell.script;
