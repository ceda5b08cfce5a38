/**
 * Stock PostgreSQL, 14 or newer, as the server software of a cluster. Everything that speaks to a
 * server does so over TCP with SCRAM, as the superuser. What users see of the cluster in SQL is in
 * two scripts beside these classes, for the GTM and for the other nodes.
 */
package xlctl.agent.engine.postgresql;
