package xlctl.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.KeyDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import xlctl.topology.InvalidValueException;

/**
 * Records that are one value to their readers: written as a plain string or number, also as the key
 * of a map.
 */
final class ValueModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addBeanDeserializerModifier(new EarlierForms());
        context.addSerializers(
                new Serializers.Base() {
                    @Override
                    public JsonSerializer<?> findSerializer(
                            SerializationConfig config,
                            JavaType type,
                            BeanDescription description) {
                        return Form.of(type.getRawClass()).map(Writer::new).orElse(null);
                    }
                });
        context.addKeySerializers(
                new Serializers.Base() {
                    @Override
                    public JsonSerializer<?> findSerializer(
                            SerializationConfig config,
                            JavaType type,
                            BeanDescription description) {
                        return Form.of(type.getRawClass()).map(KeyWriter::new).orElse(null);
                    }
                });
        context.addDeserializers(
                new Deserializers.Base() {
                    @Override
                    public JsonDeserializer<?> findBeanDeserializer(
                            JavaType type,
                            DeserializationConfig config,
                            BeanDescription description) {
                        return Form.of(type.getRawClass()).map(Reader::new).orElse(null);
                    }

                    @Override
                    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
                        return Form.of(type).isPresent();
                    }
                });
        context.addKeyDeserializers(
                new KeyDeserializers() {
                    @Override
                    public KeyDeserializer findKeyDeserializer(
                            JavaType type,
                            DeserializationConfig config,
                            BeanDescription description) {
                        return Form.of(type.getRawClass()).map(KeyReader::new).orElse(null);
                    }
                });
    }

    /** How one such record is made from its value and taken apart again. */
    private static final class Form {
        private final Class<?> type;
        private final boolean number;
        private final Maker maker;
        private final Taker taker;

        private interface Maker {
            Object make(Object value) throws ReflectiveOperationException;
        }

        private interface Taker {
            Object take(Object record) throws ReflectiveOperationException;
        }

        private Form(Class<?> type, boolean number, Maker maker, Taker taker) {
            this.type = type;
            this.number = number;
            this.maker = maker;
            this.taker = taker;
        }

        static Optional<Form> of(Class<?> type) {
            if (!type.isRecord()) {
                return Optional.empty();
            }
            RecordComponent[] components = type.getRecordComponents();
            try {
                if (components.length == 1 && components[0].getName().equals("value")) {
                    Class<?> valueType = components[0].getType();
                    if (valueType != String.class
                            && valueType != int.class
                            && valueType != long.class) {
                        return Optional.empty();
                    }
                    Constructor<?> constructor = type.getDeclaredConstructor(valueType);
                    constructor.setAccessible(true);
                    Method accessor = components[0].getAccessor();
                    accessor.setAccessible(true);
                    return Optional.of(
                            new Form(
                                    type,
                                    valueType != String.class,
                                    value ->
                                            constructor.newInstance(
                                                    valueType == int.class
                                                            ? Math.toIntExact((Long) value)
                                                            : value),
                                    accessor::invoke));
                }
                Method parse = type.getDeclaredMethod("parse", String.class);
                if (Modifier.isStatic(parse.getModifiers()) && parse.getReturnType() == type) {
                    parse.setAccessible(true);
                    return Optional.of(
                            new Form(
                                    type,
                                    false,
                                    text -> parse.invoke(null, text),
                                    Object::toString));
                }
                return Optional.empty();
            } catch (NoSuchMethodException e) {
                return Optional.empty();
            }
        }

        Object take(Object record) throws IOException {
            try {
                return taker.take(record);
            } catch (ReflectiveOperationException e) {
                throw new IOException("cannot take apart a " + type.getSimpleName(), e);
            }
        }

        Object make(Object value, DeserializationContext context) throws IOException {
            try {
                return maker.make(value);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof InvalidValueException) {
                    throw JsonMappingException.from(
                            context, e.getCause().getMessage(), e.getCause());
                }
                throw new IOException("cannot make a " + type.getSimpleName(), e.getCause());
            } catch (ArithmeticException e) {
                throw JsonMappingException.from(
                        context, value + " is out of the range of a " + type.getSimpleName(), e);
            } catch (ReflectiveOperationException e) {
                throw new IOException("cannot make a " + type.getSimpleName(), e);
            }
        }
    }

    private static final class Writer extends JsonSerializer<Object> {
        private final Form form;

        Writer(Form form) {
            this.form = form;
        }

        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            Object taken = form.take(value);
            if (taken instanceof Number number) {
                generator.writeNumber(number.longValue());
            } else {
                generator.writeString((String) taken);
            }
        }
    }

    private static final class KeyWriter extends JsonSerializer<Object> {
        private final Form form;

        KeyWriter(Form form) {
            this.form = form;
        }

        @Override
        public void serialize(Object value, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writeFieldName(String.valueOf(form.take(value)));
        }
    }

    private static final class Reader extends JsonDeserializer<Object> {
        private final Form form;

        Reader(Form form) {
            this.form = form;
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (form.number && parser.currentToken().isNumeric()) {
                return form.make(parser.getLongValue(), context);
            }
            if (!form.number
                    && parser.currentToken().isScalarValue()
                    && !parser.currentToken().isNumeric()) {
                return form.make(parser.getText(), context);
            }
            return context.handleUnexpectedToken(form.type, parser);
        }
    }

    private static final class KeyReader extends KeyDeserializer {
        private final Form form;

        KeyReader(Form form) {
            this.form = form;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context)
                throws IOException {
            if (!form.number) {
                return form.make(key, context);
            }
            try {
                return form.make(Long.valueOf(key), context);
            } catch (NumberFormatException e) {
                throw JsonMappingException.from(
                        context, "\"" + key + "\" is not a " + form.type.getSimpleName(), e);
            }
        }
    }
}
