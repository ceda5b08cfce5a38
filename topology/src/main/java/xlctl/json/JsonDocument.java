package xlctl.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.Map;

/** Records as readers outside see them: fields by name, in the order of their components. */
public final class JsonDocument {
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
            new TypeReference<>() {};

    private static final ObjectMapper MAPPER =
            Json.newMapper().disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private static final ObjectWriter LINES =
            MAPPER.writer(
                    new DefaultPrettyPrinter(
                                    Separators.createDefaultInstance()
                                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                                            .withArrayEmptySeparator("")
                                            .withObjectEmptySeparator(""))
                            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private JsonDocument() {}

    /**
     * A record as maps in their order, lists, texts, numbers, booleans and nulls; what is absent is
     * a null.
     */
    public static Map<String, Object> fieldsOf(Record record) {
        return MAPPER.convertValue(record, FIELDS);
    }

    /** Over several lines, without a line end after the last. */
    public static String pretty(Map<String, Object> fields) {
        return write(LINES, fields);
    }

    /** On one line. */
    public static String line(Map<String, Object> fields) {
        return write(MAPPER.writer(), fields);
    }

    private static String write(ObjectWriter writer, Map<String, Object> fields) {
        try {
            return writer.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new JsonException("cannot write JSON: " + e.getOriginalMessage(), e);
        }
    }
}
