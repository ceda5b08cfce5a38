package xlctl.shell.render;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import xlctl.shell.answer.HostMatrixAnswer;
import xlctl.shell.answer.HostMatrixAnswer.Host;
import xlctl.shell.answer.HostMatrixAnswer.Way;
import xlctl.text.Quoted;

/** Who reaches whom: the matrix, as far as there is room for it, and what is not open. */
final class HostMatrixText {
    private static final String OPEN = "ok";
    private static final String NOTHING = "-";

    private record Pair(String from, String to) {}

    private final HostMatrixAnswer answer;
    private final Screen screen;
    private final List<String> hosts;
    private final Map<Pair, List<Way>> ways;

    private HostMatrixText(HostMatrixAnswer answer, Screen screen) {
        this.answer = answer;
        this.screen = screen;
        this.hosts = answer.hosts().stream().map(Host::host).toList();
        this.ways =
                answer.ways().stream()
                        .collect(Collectors.groupingBy(way -> new Pair(way.from(), way.to())));
    }

    static List<String> of(HostMatrixAnswer answer, Screen screen) {
        if (answer.hosts().isEmpty()) {
            return List.of("No host is registered: host accept HOST registers one.");
        }
        return new HostMatrixText(answer, screen).lines();
    }

    private List<String> lines() {
        List<String> matrix = matrix();
        String sum = matrix.isEmpty() ? tooWide() + lowered(sum()) : sum();
        List<String> lines = new ArrayList<>();
        for (List<String> part : List.of(matrix, shut(), List.of(sum))) {
            if (!lines.isEmpty() && !part.isEmpty()) {
                lines.add("");
            }
            lines.addAll(part);
        }
        return lines;
    }

    /** The first that fits: under the names of hosts, or under their numbers; else nothing. */
    private List<String> matrix() {
        IntFunction<String> name = hosts::get;
        IntFunction<String> number = host -> "[" + (host + 1) + "]";
        return Stream.of(
                        table(name, name),
                        table(number, host -> number.apply(host) + " " + name.apply(host)))
                .filter(
                        table ->
                                table.stream()
                                        .allMatch(line -> Table.length(line) <= screen.columns()))
                .findFirst()
                .orElse(List.of());
    }

    private List<String> table(IntFunction<String> to, IntFunction<String> from) {
        Table table = new Table(row("FROM \\ TO", indices().mapToObj(to)));
        indices()
                .forEach(
                        host ->
                                table.row(
                                        row(
                                                from.apply(host),
                                                hosts.stream()
                                                        .map(end -> cell(hosts.get(host), end)))));
        return table.lines();
    }

    private IntStream indices() {
        return IntStream.range(0, hosts.size());
    }

    private static String[] row(String label, Stream<String> cells) {
        return Stream.concat(Stream.of(label), cells).toArray(String[]::new);
    }

    private String cell(String from, String to) {
        List<Way> wanted =
                ways.getOrDefault(new Pair(from, to), List.of()).stream()
                        .filter(way -> !way.stopped())
                        .toList();
        if (wanted.stream().anyMatch(way -> way.reached().isEmpty())) {
            return "?";
        }
        long reached = wanted.stream().filter(HostMatrixText::isReached).count();
        if (reached == wanted.size()) {
            return wanted.isEmpty() ? NOTHING : OPEN;
        }
        return reached == 0 ? "no" : reached + "/" + wanted.size();
    }

    private static boolean isReached(Way way) {
        return way.reached().orElse(false);
    }

    /** Silent agents first, then each way, then the servers that need not be reached. */
    private List<String> shut() {
        List<String> lines = new ArrayList<>();
        for (Host host : answer.hosts()) {
            host.problem()
                    .ifPresent(
                            problem ->
                                    lines.add(
                                            screen.painted(
                                                    "What "
                                                            + host.host()
                                                            + " reaches is not known: "
                                                            + Quoted.line(problem.toString()),
                                                    Screen.Colour.DEGRADED)));
        }
        Set<String> stopped = new LinkedHashSet<>();
        for (Way way : answer.ways()) {
            if (way.stopped()) {
                stopped.add(
                        "Nobody needs to reach "
                                + way.what()
                                + " on "
                                + way.address()
                                + ": "
                                + Quoted.line(way.why().orElse("")));
            } else if (way.reached().isPresent() && !isReached(way)) {
                lines.add(screen.painted(shut(way), Screen.Colour.DOWN));
            }
        }
        lines.addAll(stopped);
        return lines;
    }

    private static String shut(Way way) {
        return way.from()
                + " does not reach "
                + (way.kind().equals("agent") ? "the agent" : way.what())
                + " on "
                + way.address()
                + ": "
                + Quoted.line(way.why().orElse(""))
                + (way.oneWay() ? "; " + way.to() + " reaches " + way.from() : "");
    }

    private String tooWide() {
        return "The matrix of "
                + hosts.size()
                + " hosts is wider than "
                + screen.columns()
                + " columns; ";
    }

    private static String lowered(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    private String sum() {
        List<String> cells =
                hosts.stream()
                        .flatMap(from -> hosts.stream().map(to -> cell(from, to)))
                        .filter(cell -> !cell.equals(NOTHING))
                        .toList();
        String count =
                cells.stream().filter(OPEN::equals).count()
                        + " of "
                        + cells.size()
                        + " pairs of hosts are open.";
        return answer.open() ? "All that should be reached is reached: " + count : count;
    }
}
