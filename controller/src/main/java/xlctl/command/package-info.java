/**
 * What an operator asks for, as values: free of the words it was typed in, not yet checked against
 * the cluster.
 */
package xlctl.command;
