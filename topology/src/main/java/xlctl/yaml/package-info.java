/**
 * Files that people write, as typed values: the one owner of the YAML parser. A {@link
 * xlctl.yaml.YamlMapping} is asked for its keys one by one and collects every problem with its line
 * and column, so that all of them are told at once. No aliases, tags, merges or repeated keys, and
 * no guessed types: a scalar is the text that was written.
 */
package xlctl.yaml;
