package xlctl.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** Writes and reads records. Thread-safe. */
public final class Json {
    private static final ObjectMapper MAPPER = newMapper();

    private static final ObjectMapper LENIENT =
            MAPPER.copy().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private Json() {}

    static ObjectMapper newMapper() {
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .addModule(new ValueModule())
                .annotationIntrospector(new RecordIntrospector())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .build();
    }

    /**
     * Finds out now how values of these types are read. The first of a type otherwise takes some
     * milliseconds more, which a program of one short command has not.
     */
    public static void prepareToRead(Class<?>... types) {
        for (Class<?> type : types) {
            var unused = MAPPER.readerFor(type);
        }
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writerFor(declaredType(value)).writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new JsonException(
                    "cannot write a " + value.getClass().getSimpleName() + " as JSON: " + reason(e),
                    e);
        }
    }

    /** The same as {@link #write}, over several lines, for people. */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerFor(declaredType(value))
                    .withDefaultPrettyPrinter()
                    .writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new JsonException(
                    "cannot write a " + value.getClass().getSimpleName() + " as JSON: " + reason(e),
                    e);
        }
    }

    /**
     * Reads a record.
     *
     * @param source what is being read, for the message: a path, a peer
     * @throws JsonException when the text is not exactly the JSON of such a record
     */
    public static <T> T read(byte[] json, Class<T> type, String source) {
        return read(MAPPER, json, type, source);
    }

    /**
     * As {@link #read}, but leaves out fields that this program does not know: for what only
     * informs, and may come from a newer one.
     */
    public static <T> T readKnown(byte[] json, Class<T> type, String source) {
        return read(LENIENT, json, type, source);
    }

    private static <T> T read(ObjectMapper mapper, byte[] json, Class<T> type, String source) {
        String typeName = type.getSimpleName();
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new JsonException(
                        source + " holds null where a " + typeName + " was expected", null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new JsonException(
                    source + " is not a readable " + typeName + ": " + reason(e), e);
        } catch (IOException e) {
            throw new JsonException(source + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * A variant of a sealed interface is written as that interface, so that its {@code type} is
     * there.
     */
    private static JavaType declaredType(Object value) {
        return MAPPER.constructType(SealedTypes.rootOf(value.getClass()).orElse(value.getClass()));
    }

    private static String reason(JsonProcessingException e) {
        String where =
                e.getLocation() == null
                        ? ""
                        : " at line "
                                + e.getLocation().getLineNr()
                                + ", column "
                                + e.getLocation().getColumnNr();
        return e.getOriginalMessage() + where;
    }
}
