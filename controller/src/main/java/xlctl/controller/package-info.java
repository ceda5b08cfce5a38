/** The way in to the controller: what the shell, and later the daemon, call. */
package xlctl.controller;
