package xlctl.yaml;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import xlctl.text.NearNames;
import xlctl.text.Quoted;

/**
 * The {@code key: value} lines of a file, or of one place in it. Ask for every key that means
 * something, then call {@link #requireNoProblems()} on any mapping of the file: it also refuses the
 * keys nobody asked for. Values asked for before are then present and right.
 *
 * <p>A {@code parse} function makes a value of the text that was written; its {@link
 * IllegalArgumentException} becomes a problem at the value's place. Used by one thread.
 */
public final class YamlMapping {
    /** What YAML takes for null where it is not quoted. */
    private static final Set<String> NO_VALUE = Set.of("", "~", "null");

    private record Entry(ScalarNode key, Node value) {}

    private final YamlProblems problems;
    private final Map<Node, YamlMapping> all;
    private final boolean readable;
    private final String label;
    private final Optional<Mark> start;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    private YamlMapping(
            Optional<MappingNode> node,
            String label,
            YamlProblems problems,
            Map<Node, YamlMapping> all) {
        this.problems = problems;
        this.all = all;
        this.label = label;
        this.readable = node.isPresent();
        this.start = node.flatMap(Node::getStartMark);
        node.ifPresent(this::takeEntries);
    }

    private void takeEntries(MappingNode node) {
        all.put(node, this);
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(tuple.getKeyNode().getStartMark(), "a key must be one word");
                continue;
            }
            Entry earlier =
                    entries.putIfAbsent(key.getValue(), new Entry(key, tuple.getValueNode()));
            if (earlier != null) {
                problems.add(
                        key.getStartMark(),
                        Quoted.of(key.getValue())
                                + " is here twice, first at "
                                + problems.place(earlier.key().getStartMark()));
            }
        }
    }

    /**
     * Reads a file's text. What cannot be read at all is a problem like every other; an empty text
     * is a mapping without keys.
     *
     * @param source the file's name, for messages
     */
    public static YamlMapping read(String text, String source) {
        YamlProblems problems = new YamlProblems(source);
        Optional<MappingNode> node = YamlText.mapping(text, source, problems);
        return new YamlMapping(node, "", problems, new IdentityHashMap<>());
    }

    /** The text of a key that must be there: empty only together with a problem. */
    public Optional<String> string(String key) {
        return required(key, text -> text);
    }

    /** The value of a key that must be there: empty only together with a problem. */
    public <T> Optional<T> required(String key, Function<String, T> parse) {
        requirePresent(key);
        return optional(key, parse);
    }

    /** Empty when the key is not there, or together with a problem. */
    public <T> Optional<T> optional(String key, Function<String, T> parse) {
        return value(key).flatMap(value -> scalar(key, value, parse));
    }

    /** The values of a list, in order; empty when the key is not there. */
    public <T> List<T> list(String key, Function<String, T> parse) {
        List<T> values = new ArrayList<>();
        for (Node item : items(key)) {
            scalar(key, item, parse).ifPresent(values::add);
        }
        return List.copyOf(values);
    }

    /** The mapping below a key; empty when the key is not there, or together with a problem. */
    public Optional<YamlMapping> mapping(String key) {
        return value(key).flatMap(value -> below(key, value));
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Where a key's value stands, as {@code FILE:LINE:COLUMN}. */
    public Optional<String> place(String key) {
        return Optional.ofNullable(entries.get(key))
                .map(entry -> problems.place(entry.value().getStartMark()));
    }

    /** Records something wrong with a value, at its place; at the mapping's when it is absent. */
    public void problem(String key, String message) {
        problems.add(
                Optional.ofNullable(entries.get(key))
                        .map(entry -> entry.value().getStartMark())
                        .orElse(start),
                message);
    }

    /**
     * Everything wrong in the file so far, as {@code FILE:LINE:COLUMN: message}: also the keys that
     * nobody has asked for.
     */
    public List<String> problems() {
        all.values().forEach(YamlMapping::findUnknownKeys);
        return problems.sorted();
    }

    /**
     * Ends the reading of the file.
     *
     * @throws YamlException when there is any problem in the file
     */
    public void requireNoProblems() {
        List<String> found = problems();
        if (!found.isEmpty()) {
            throw new YamlException(found);
        }
    }

    private void findUnknownKeys() {
        entries.forEach(
                (key, entry) -> {
                    if (!asked.contains(key)) {
                        String question = NearNames.question(key, asked);
                        problems.add(
                                entry.key().getStartMark(),
                                Quoted.ascii(key)
                                        + " is not known"
                                        + (label.isEmpty() ? "" : " below " + label)
                                        + (question.isEmpty()
                                                ? ": known are " + String.join(", ", asked)
                                                : ": " + question));
                    }
                });
    }

    private void requirePresent(String key) {
        if (readable && !entries.containsKey(key)) {
            problems.add(
                    start,
                    Quoted.of(key) + " is missing" + (label.isEmpty() ? "" : " below " + label));
        }
    }

    private Optional<Node> value(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    private List<Node> items(String key) {
        Optional<Node> value = value(key);
        if (value.isPresent() && value.get() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        value.ifPresent(
                other ->
                        problems.add(
                                other.getStartMark(),
                                Quoted.of(path(key))
                                        + " must be a list: [a, b], or lines with \"- \""));
        return List.of();
    }

    private Optional<YamlMapping> below(String key, Node value) {
        if (value instanceof MappingNode mapping) {
            YamlMapping known = all.get(mapping);
            return Optional.of(
                    known != null
                            ? known
                            : new YamlMapping(Optional.of(mapping), path(key), problems, all));
        }
        problems.add(
                value.getStartMark(), Quoted.of(key) + " must have \"key: value\" lines below");
        return Optional.empty();
    }

    private String path(String key) {
        return label.isEmpty() ? key : label + "." + key;
    }

    private <T> Optional<T> scalar(String key, Node value, Function<String, T> parse) {
        if (!(value instanceof ScalarNode scalar)) {
            problems.add(value.getStartMark(), Quoted.of(path(key)) + " must be a single value");
            return Optional.empty();
        }
        if (scalar.getScalarStyle() == ScalarStyle.PLAIN && NO_VALUE.contains(scalar.getValue())) {
            problems.add(value.getStartMark(), Quoted.of(path(key)) + " has no value");
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(scalar.getValue()));
        } catch (IllegalArgumentException e) {
            problems.add(value.getStartMark(), path(key) + ": " + e.getMessage());
            return Optional.empty();
        }
    }
}
