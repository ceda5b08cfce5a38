/**
 * The certificate of this host: its key is made here and goes nowhere else; the cluster's authority
 * signs it. All servers of the host present it.
 */
package xlctl.agent.tls;
