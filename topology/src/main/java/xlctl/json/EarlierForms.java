package xlctl.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;
import xlctl.topology.OperatorFile;

/** Values that were written in another form once, and are read in it still. */
final class EarlierForms extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
            DeserializationConfig config, BeanDescription description, JsonDeserializer<?> usual) {
        return description.getBeanClass() == OperatorFile.class ? new FileOrText(usual) : usual;
    }

    /** In format 1 an operator's file was its text alone. */
    private static final class FileOrText extends DelegatingDeserializer {
        private static final long serialVersionUID = 1L;

        FileOrText(JsonDeserializer<?> usual) {
            super(usual);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> usual) {
            return new FileOrText(usual);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            return parser.currentToken() == JsonToken.VALUE_STRING
                    ? OperatorFile.ofUnknownName(parser.getText())
                    : super.deserialize(parser, context);
        }
    }
}
