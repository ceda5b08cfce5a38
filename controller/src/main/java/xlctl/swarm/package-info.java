/**
 * Docker Swarm: the services, networks and secrets of a cluster. Owns the {@code docker} program.
 * Nothing outside knows how Docker is spoken to.
 */
package xlctl.swarm;
