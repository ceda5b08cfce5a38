/**
 * Records to JSON and back: the one owner of Jackson. Values with a single component named {@code
 * value} are written as that component; names with a {@code parse(String)} as their text; sealed
 * interfaces carry a {@code type} naming the record. Missing and null fields are errors, and
 * unknown ones are but where a text only informs: what cannot be read is never taken for an empty
 * record.
 */
package xlctl.json;
