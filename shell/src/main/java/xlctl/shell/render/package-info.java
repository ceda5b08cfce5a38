/**
 * Answers and results as they are printed: lines of text, at most 80 columns where names allow it,
 * or JSON, YAML and TSV. Pure.
 */
package xlctl.shell.render;
