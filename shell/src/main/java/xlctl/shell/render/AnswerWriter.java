package xlctl.shell.render;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import xlctl.json.JsonDocument;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.AuthorityAnswer;
import xlctl.shell.answer.ChangeAnswer;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.shell.answer.Format;
import xlctl.shell.answer.HistoryAnswer;
import xlctl.shell.answer.HostMatrixAnswer;
import xlctl.shell.answer.HostsAnswer;
import xlctl.shell.answer.MonitorAnswer;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;
import xlctl.shell.answer.PlansAnswer;
import xlctl.shell.answer.SettingsAnswer;
import xlctl.shell.answer.StackFileAnswer;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.answer.SwarmAnswer;
import xlctl.shell.answer.TablesAnswer;
import xlctl.yaml.YamlWriter;

/** Writes answers, in any format, line by line. */
public final class AnswerWriter {
    private final Consumer<String> out;
    private final Consumer<String> err;
    private final Screen screen;

    /**
     * @param out takes what was asked for
     * @param err takes warnings of texts; the other formats have them in the document
     * @param screen where texts are shown
     */
    public AnswerWriter(Consumer<String> out, Consumer<String> err, Screen screen) {
        this.out = requireNonNull(out, "out is null");
        this.err = requireNonNull(err, "err is null");
        this.screen = requireNonNull(screen, "screen is null");
    }

    public void write(Answer answer, Format format) {
        switch (format) {
            case TEXT -> text(answer);
            case JSON -> JsonDocument.pretty(document(answer)).lines().forEach(out);
            case YAML -> {
                out.accept("---");
                YamlWriter.write(document(answer)).lines().forEach(out);
            }
            case TSV -> {
                TsvText.of(answer.rows()).forEach(out);
                if (answer instanceof SwarmAnswer swarm) {
                    SwarmText.warnings(swarm.warnings()).forEach(err);
                }
            }
        }
    }

    /**
     * Answers of one kind one after the other, as they come: JSON on one line each, a heading of
     * TSV only over the first.
     */
    public void writeNext(Answer answer, Format format, boolean first) {
        switch (format) {
            case JSON -> out.accept(JsonDocument.line(document(answer)));
            case TSV -> TsvText.of(answer.rows()).stream().skip(first ? 0 : 1).forEach(out);
            case TEXT, YAML -> write(answer, format);
        }
    }

    /** The answer under its schema's version and name. */
    static Map<String, Object> document(Answer answer) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", Answer.FORMAT);
        document.put("kind", answer.kind());
        document.putAll(JsonDocument.fieldsOf((Record) answer));
        document.remove("type");
        return document;
    }

    private void text(Answer answer) {
        if (answer instanceof MonitorAnswer monitor) {
            for (MonitorAnswer.Member member : monitor.members()) {
                out.accept(
                        screen.painted(
                                MonitorText.line(member),
                                member.running() ? Screen.Colour.NONE : Screen.Colour.DOWN));
                MonitorText.warnings(member)
                        .forEach(
                                warning ->
                                        err.accept(
                                                screen.painted(warning, Screen.Colour.DEGRADED)));
            }
        } else if (answer instanceof SwarmAnswer swarm) {
            SwarmText.of(swarm).forEach(out);
            SwarmText.warnings(swarm).forEach(err);
        } else {
            lines(answer).forEach(out);
        }
    }

    private List<String> lines(Answer answer) {
        if (answer instanceof StatusAnswer status) {
            return StatusText.of(status, screen);
        } else if (answer instanceof ConfigAnswer config) {
            return ConfigText.of(config);
        } else if (answer instanceof TablesAnswer tables) {
            return ResourceText.of(tables);
        } else if (answer instanceof HostsAnswer hosts) {
            return HostText.list(hosts);
        } else if (answer instanceof HostMatrixAnswer matrix) {
            return HostMatrixText.of(matrix, screen);
        } else if (answer instanceof OperationsAnswer operations) {
            return OperationText.list(operations);
        } else if (answer instanceof OperationAnswer operation) {
            return OperationText.full(operation);
        } else if (answer instanceof PlansAnswer plans) {
            return PlanText.of(plans);
        } else if (answer instanceof SettingsAnswer settings) {
            return SettingsText.of(settings);
        } else if (answer instanceof HistoryAnswer history) {
            return history.lines().stream().map(HistoryAnswer.Typed::line).toList();
        } else if (answer instanceof StackFileAnswer stack) {
            return stack.file().lines().toList();
        } else if (answer instanceof AuthorityAnswer authority) {
            return authority.certificate().lines().toList();
        } else if (answer instanceof ChangeAnswer change) {
            return List.of(
                    Times.of(change.at())
                            + "  "
                            + change.member()
                            + "  "
                            + change.from()
                            + " -> "
                            + change.to());
        }
        throw new IllegalStateException("no text for " + answer.kind());
    }
}
