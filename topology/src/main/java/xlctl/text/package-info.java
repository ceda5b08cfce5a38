/**
 * Text that others wrote: read from files within limits, and shown without what it could do to a
 * terminal.
 */
package xlctl.text;
