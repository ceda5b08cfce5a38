/**
 * PostgreSQL's own clients: the files by which they connect, a service file, a password file and
 * the CA's certificate, and psql with the terminal of this program.
 */
package xlctl.shell.access;
