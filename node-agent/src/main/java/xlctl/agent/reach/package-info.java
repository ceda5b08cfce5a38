/**
 * Whether this host reaches others: their agents and servers, each by what it says before anyone
 * logs in.
 */
package xlctl.agent.reach;
