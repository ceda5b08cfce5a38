/**
 * Plans being run. Each run is an operation with a journal in the store: every step is written
 * before and after it is done, under the version of the operation's header, so that whoever was
 * superseded can write nothing. What fails before the commit point is undone; what comes after it
 * stays open until it is finished.
 *
 * <pre>
 *             fails before its commit point, or rollback
 *   RUNNING ------------------------------------------- UNDOING ---- UNDONE
 *      |  \  fails past it
 *      |   +------------- STUCK ---- resume ---- RUNNING
 *      |
 *      +---- DONE, or FAILED without a commit point
 * </pre>
 */
package xlctl.operation;
