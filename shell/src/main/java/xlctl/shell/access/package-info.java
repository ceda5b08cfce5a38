/** The files by which PostgreSQL's own clients connect: a service file and a password file. */
package xlctl.shell.access;
