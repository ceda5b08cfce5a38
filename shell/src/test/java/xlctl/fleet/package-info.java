/**
 * A cluster without servers: many agents that speak as real ones do, over real SSH, and say that
 * all is well. For measuring, and for the build, which starts the programs once to learn which
 * classes they use.
 */
package xlctl.fleet;
