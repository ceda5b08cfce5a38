/**
 * Conversations with agents over SSH: the one owner of JSch. A connection is opened when it is
 * first needed, kept warm, and opened again when it was lost; only the host key that was accepted
 * is spoken to.
 */
package xlctl.session;
