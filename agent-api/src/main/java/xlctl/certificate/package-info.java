/**
 * A cluster's own certificates: the authority that signs them, what a host asks it for, and what
 * was signed. Holds no file and no connection. Owns Bouncy Castle.
 */
package xlctl.certificate;
