package xlctl.yaml;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** From text to the nodes of one document, with what is refused whatever it means. */
final class YamlText {
    private static final int DEEPEST = 50;
    private static final int LONGEST = 1_000_000;

    private YamlText() {}

    /** The document's mapping, without keys for an empty text; empty only with a problem. */
    static Optional<MappingNode> mapping(String text, String source, YamlProblems problems) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(source)
                        .setCodePointLimit(LONGEST)
                        .setAllowNonScalarKeys(true)
                        .build();
        try {
            if (!acceptable(new Parse(settings).parseString(text), problems)) {
                return Optional.empty();
            }
            Optional<Node> document = new Compose(settings).composeString(text);
            if (document.isEmpty()) {
                return Optional.of(new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK));
            }
            if (document.get() instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            problems.add(document.get().getStartMark(), "expected \"key: value\" lines");
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    e.getProblemMark().or(e::getContextMark),
                    "not readable YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(Optional.empty(), "not readable YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static boolean acceptable(Iterable<Event> events, YamlProblems problems) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof AliasEvent) {
                problems.add(
                        event.getStartMark(), "an alias is not allowed here: write the value out");
            } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
                problems.add(
                        event.getStartMark(),
                        "an anchor is not allowed here: quote a value that starts with '&'");
            }
            if (hasTag(event)) {
                problems.add(
                        event.getStartMark(),
                        "a tag is not allowed here: quote a value that starts with '!'");
            }
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEEPEST) {
                problems.add(event.getStartMark(), "nested deeper than " + DEEPEST + " levels");
                return false;
            }
        }
        return problems.sorted().isEmpty();
    }

    private static boolean hasTag(Event event) {
        return (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
                || (event instanceof CollectionStartEvent start && start.getTag().isPresent());
    }
}
