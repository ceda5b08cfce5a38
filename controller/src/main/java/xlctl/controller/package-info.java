/**
 * The controller's door: one cluster to look at and to change, with exit codes and refusals as
 * callers show them. Everything behind it, planning, operations, agents, the store, is put together
 * here; the shell calls nothing else to reach a cluster.
 */
package xlctl.controller;
