package xlctl.yaml;

import java.util.List;

/** A file that cannot be used as it is, with all the reasons. */
public final class YamlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    YamlException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each as {@code FILE:LINE:COLUMN: message}, in the order of the file. */
    public List<String> problems() {
        return problems;
    }
}
