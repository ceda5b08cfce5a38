/** The prompt: the one owner of JLine. */
package xlctl.shell.terminal;
