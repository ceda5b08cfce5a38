package xlctl.yaml;

import java.util.Map;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Writes YAML that parsers of YAML 1.1 understand in the same way as those of 1.2. */
public final class YamlWriter {
    private YamlWriter() {}

    /**
     * @param document of maps, lists, texts, whole numbers, booleans and nulls; maps keep their
     *     order
     */
    public static String write(Map<String, Object> document) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDereferenceAliases(true)
                        .setWidth(Integer.MAX_VALUE)
                        .setIndicatorIndent(2)
                        .setIndentWithIndicator(true)
                        .setIndent(2)
                        .build();
        return new Dump(settings, new Careful(settings)).dumpToString(document);
    }

    /** Quotes texts that YAML 1.1 takes for something else, such as on, 22:30 and moments. */
    private static final class Careful extends StandardRepresenter {
        private static final Pattern NO_TEXT_IN_1_1 =
                Pattern.compile(
                        "(?i)y|n|yes|no|on|off|true|false|null|~|[-+]?[0-9][0-9_:.exa-f]*|=|<<"
                                + "|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t ].*)?");

        Careful(DumpSettings settings) {
            super(settings);
            representers.put(String.class, data -> text(data.toString()));
        }

        private org.snakeyaml.engine.v2.nodes.Node text(String text) {
            return representScalar(
                    Tag.STR,
                    text,
                    NO_TEXT_IN_1_1.matcher(text).matches()
                            ? ScalarStyle.SINGLE_QUOTED
                            : ScalarStyle.PLAIN);
        }
    }
}
