/**
 * What the shell must know before it can reach a cluster, and where each value comes from. In
 * rising order: the default, xlctl.yaml in the home, an XLCTL_ variable, an option.
 */
package xlctl.shell.settings;
