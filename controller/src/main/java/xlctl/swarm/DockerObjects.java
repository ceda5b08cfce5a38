package xlctl.swarm;

import java.util.ArrayList;
import java.util.List;
import xlctl.json.JsonException;
import xlctl.json.JsonTree;

/**
 * What an engine has, of whatever type, by the words that {@code docker} has for all types: listed,
 * inspected, made, removed.
 */
final class DockerObjects {
    private final DockerProgram program;

    DockerObjects(DockerProgram program) {
        this.program = program;
    }

    List<String> ids(String doing, String... words) {
        DockerProgram.Output output = program.run(doing, List.of(words));
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return output.out().lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** Those of them that are there: what went meanwhile is left out. */
    List<JsonTree> inspect(String doing, String type, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        // Debian 12's client knows no configs under the general word, and a task is not a command.
        List<String> words =
                new ArrayList<>(
                        type.equals("task")
                                ? List.of("inspect", "--type", type, "--")
                                : List.of(type, "inspect", "--"));
        words.addAll(ids);
        DockerProgram.Output output = program.run(doing, words);
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
        return json(output.out(), doing).list();
    }

    List<Docker.Labelled> labelled(String type, String prefix) {
        String doing = "asking for " + type + "s";
        List<String> ids = ids(doing, type, "ls", "-q", "--filter", "name=" + prefix);
        return inspect(doing, type, ids).stream()
                .map(
                        found ->
                                new Docker.Labelled(
                                        found.text("Spec", "Name").orElse(""),
                                        found.textsByName("Spec", "Labels")))
                .filter(found -> found.name().startsWith(prefix))
                .toList();
    }

    void createFile(String type, Docker.Labelled file, byte[] contents) {
        List<String> words = new ArrayList<>(List.of(type, "create"));
        words.addAll(words(file));
        words.add("-");
        String doing = "making the " + type + " " + file.name();
        done(doing, program.run(doing, words, contents));
    }

    void done(String doing, List<String> words) {
        done(doing, program.run(doing, words));
    }

    private static void done(String doing, DockerProgram.Output output) {
        if (!output.ok()) {
            throw DockerComplaint.exception(doing, output.err());
        }
    }

    void remove(String type, String name) {
        String doing = "removing the " + type + " " + name;
        DockerProgram.Output output = program.run(doing, List.of(type, "rm", name));
        if (!output.ok() && DockerComplaint.of(output.err()) != DockerComplaint.GONE) {
            throw DockerComplaint.exception(doing, output.err());
        }
    }

    static List<String> words(Docker.Labelled called) {
        List<String> words = new ArrayList<>();
        called.labels()
                .forEach((name, value) -> words.addAll(List.of("--label", name + "=" + value)));
        words.add(called.name());
        return words;
    }

    static JsonTree json(String text, String doing) {
        try {
            return JsonTree.read(text, "what docker printed");
        } catch (JsonException e) {
            throw DockerException.failed(doing + ": " + e.getMessage(), "");
        }
    }
}
