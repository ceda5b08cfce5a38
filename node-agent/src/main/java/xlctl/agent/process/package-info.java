/**
 * Server processes that outlive their agent: started in a session of their own with files as their
 * output, found again by process id, kernel start time and data directory, and ended without ever
 * signalling a process that is not proven to be one of the server's.
 */
package xlctl.agent.process;
