/**
 * Stock PostgreSQL, 14 or newer, as the server software of a cluster. Everything that speaks to a
 * server does so over TCP with SCRAM, as the superuser; this package alone uses its JDBC driver.
 */
package xlctl.agent.engine.postgresql;
