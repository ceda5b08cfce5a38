/**
 * The programs as an operator runs them: {@code bin/xlctl} from the built tree, with its agents and
 * servers, as processes in a network of their own. Run after packaging, by failsafe.
 */
package xlctl.endtoend;
