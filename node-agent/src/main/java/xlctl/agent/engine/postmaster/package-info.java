/**
 * What servers that descend from PostgreSQL have in common whichever engine they are of: their data
 * directory, their files, their roles, their log, the superuser's connections to them.
 */
package xlctl.agent.engine.postmaster;
