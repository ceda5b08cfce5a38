/** The program {@code xlctl-agent}: its command line, its log, and its parts put together. */
package xlctl.agent;
