/**
 * Stock PostgreSQL, 14 or newer, as the server software of a cluster. Everything that speaks to a
 * server does so over TCP with SCRAM, as the superuser. What users see of the cluster in SQL is in
 * scripts beside these classes: {@code gtm.sql} for the GTM, those in {@code node} for the others.
 */
package xlctl.agent.engine.postgresql;
