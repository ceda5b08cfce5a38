/**
 * Postgres-XL and OpenTenBase as the server software of a cluster: one engine, with what differs
 * between them in a {@link xlctl.agent.engine.xl.Flavor}. Coordinators and datanodes are
 * PostgreSQL's postmaster with more arguments; the GTM and its proxies are programs of their own.
 * All are started directly, without the engine's control programs.
 */
package xlctl.agent.engine.xl;
