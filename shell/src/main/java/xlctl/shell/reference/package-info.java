/** Writes docs/commands.md from the language's own table. */
package xlctl.shell.reference;
