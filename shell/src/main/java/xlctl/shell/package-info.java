/**
 * The {@code xlctl} program: its options, and which way its words come in: a prompt, one command, a
 * script. The words themselves belong to {@link xlctl.shell.language}.
 */
package xlctl.shell;
