/**
 * Changing requests, each done once and in order: the highest attempt of an operation wins, the
 * same step joins the work under way or gets its result, one change at a time per instance.
 */
package xlctl.agent.work;
