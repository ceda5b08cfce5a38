/** Values as lines of text: pure, at most 80 columns where names allow it. */
package xlctl.shell.render;
