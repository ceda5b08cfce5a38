/**
 * What readers outside the shell get from the language's own table: docs/commands.md, manual pages,
 * completion for bash and zsh.
 */
package xlctl.shell.reference;
