/**
 * The command language: one table of forms ({@link xlctl.shell.language.Grammar}) drives the
 * parser, its complaints, the help texts, completion and the command reference. A line becomes a
 * {@link xlctl.shell.language.Statement} or complaints that point at its words; nothing here knows
 * a cluster.
 */
package xlctl.shell.language;
