/**
 * Text that others wrote: read from files within limits, shown without what it could do to a
 * terminal, and known names that it may have meant.
 */
package xlctl.text;
