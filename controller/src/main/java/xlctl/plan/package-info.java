/**
 * What a command will do, as data: the steps in their order, which of them is the commit point, how
 * each is undone. Plans are made by pure functions from what was observed, or refused with every
 * reason why not.
 */
package xlctl.plan;
