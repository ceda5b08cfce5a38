package xlctl.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * JSON that others wrote and of which only parts matter. What is looked for goes by the names on
 * the way to it; what is missing, null or of another type is empty.
 */
public final class JsonTree {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode node;

    private JsonTree(JsonNode node) {
        this.node = node;
    }

    /**
     * @param source what is being read, for the message
     * @throws JsonException when the text is not JSON
     */
    public static JsonTree read(String text, String source) {
        try {
            return new JsonTree(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new JsonException(source + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** As JSON on one line. */
    public byte[] json() {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new JsonException("cannot write JSON: " + e.getOriginalMessage(), e);
        }
    }

    public Optional<JsonTree> at(String... names) {
        JsonNode found = find(names);
        return found.isMissingNode() || found.isNull()
                ? Optional.empty()
                : Optional.of(new JsonTree(found));
    }

    /** A text that is not empty. */
    public Optional<String> text(String... names) {
        JsonNode found = find(names);
        return found.isTextual() && !found.textValue().isEmpty()
                ? Optional.of(found.textValue())
                : Optional.empty();
    }

    /** A whole number. */
    public Optional<Long> number(String... names) {
        JsonNode found = find(names);
        return found.isIntegralNumber() ? Optional.of(found.longValue()) : Optional.empty();
    }

    /** Whether there is a true. */
    public boolean isTrue(String... names) {
        return find(names).asBoolean(false);
    }

    public List<JsonTree> list(String... names) {
        List<JsonTree> elements = new ArrayList<>();
        find(names).elements().forEachRemaining(element -> elements.add(new JsonTree(element)));
        return List.copyOf(elements);
    }

    /** The texts of a list. */
    public List<String> texts(String... names) {
        return list(names).stream().flatMap(element -> element.text().stream()).toList();
    }

    /** The texts of an object by their names, in order of these. */
    public Map<String, String> textsByName(String... names) {
        Map<String, String> texts = new TreeMap<>();
        find(names)
                .properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText("")));
        return texts;
    }

    /** The names in an object. */
    public List<String> keys(String... names) {
        List<String> keys = new ArrayList<>();
        find(names).fieldNames().forEachRemaining(keys::add);
        return List.copyOf(keys);
    }

    private JsonNode find(String... names) {
        JsonNode found = node;
        for (String name : names) {
            found = found.path(name);
        }
        return found;
    }
}
