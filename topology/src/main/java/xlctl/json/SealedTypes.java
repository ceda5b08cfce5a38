package xlctl.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the closed sets of variants that sealed interfaces declare. */
final class SealedTypes {
    private SealedTypes() {}

    /** The outermost sealed interface above a type, if there is one. */
    static Optional<Class<?>> rootOf(Class<?> type) {
        for (Class<?> parent : type.getInterfaces()) {
            if (parent.isSealed()) {
                return Optional.of(rootOf(parent).orElse(parent));
            }
        }
        return type.isInterface() && type.isSealed() ? Optional.of(type) : Optional.empty();
    }

    /** Every record permitted below a sealed interface, directly or through another one. */
    static List<Class<?>> variantsOf(Class<?> sealed) {
        List<Class<?>> variants = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isInterface()) {
                variants.addAll(variantsOf(permitted));
            } else {
                variants.add(permitted);
            }
        }
        return variants;
    }
}
