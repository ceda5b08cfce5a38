/**
 * What reading commands answer, as one value each: the schema that readers outside see. Text and
 * the other formats are made of these by {@link xlctl.shell.render}. Pure.
 */
package xlctl.shell.answer;
