package xlctl.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Derives from the shape of our types what would else be annotations on them. */
final class RecordIntrospector extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    /**
     * Only the components of a record are its JSON: methods such as {@code isAbsolute()} are not.
     */
    @Override
    public boolean hasIgnoreMarker(AnnotatedMember member) {
        if (member instanceof AnnotatedMethod && member.getDeclaringClass().isRecord()) {
            String name = member.getName();
            for (var component : member.getDeclaringClass().getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return false;
                }
            }
            return true;
        }
        return super.hasIgnoreMarker(member);
    }

    /** What may be absent may also be left out: a record of an older version does not have it. */
    @Override
    public Boolean hasRequiredMarker(AnnotatedMember member) {
        return !Optional.class.equals(member.getRawType());
    }

    @Override
    public TypeResolverBuilder<?> findTypeResolver(
            MapperConfig<?> config, AnnotatedClass annotated, JavaType base) {
        return SealedTypes.rootOf(annotated.getRawType())
                .<TypeResolverBuilder<?>>map(
                        root ->
                                new StdTypeResolverBuilder()
                                        .init(
                                                JsonTypeInfo.Value.construct(
                                                        JsonTypeInfo.Id.NAME,
                                                        JsonTypeInfo.As.PROPERTY,
                                                        "type",
                                                        null,
                                                        false,
                                                        true,
                                                        null),
                                                null))
                .orElse(null);
    }

    @Override
    public List<NamedType> findSubtypes(Annotated annotated) {
        Class<?> type = annotated.getRawType();
        if (!type.isInterface() || !type.isSealed()) {
            return null;
        }
        return SealedTypes.variantsOf(type).stream()
                .map(variant -> new NamedType(variant, variant.getSimpleName()))
                .collect(Collectors.toList());
    }
}
