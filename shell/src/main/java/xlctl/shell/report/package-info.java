/** What is given away for a report of a fault: without secrets, in one file. */
package xlctl.shell.report;
