/**
 * The controller's door: one cluster to look at and to change, with exit codes and refusals as
 * callers show them. Everything behind it, planning, operations, agents, the store, is put together
 * here; the shell reaches a running cluster by nothing else. Docker it asks by {@code xlctl.swarm},
 * also where there is no cluster yet, and the quickstart reads the passwords that it writes down
 * from the store.
 */
package xlctl.controller;
