package xlctl.shell.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.controller.PlannedCommand;
import xlctl.plan.Step;
import xlctl.topology.HostName;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** What {@code --dry-run} shows: what commands would do, in their order. */
public record PlansAnswer(List<Plan> plans) implements Answer {
    /**
     * What one command would do.
     *
     * @param exit the exit code: 0, or what the refusal would exit with
     * @param problems every reason why it would be refused
     */
    public record Plan(
            String command,
            boolean refused,
            int exit,
            List<Problem> problems,
            List<PlannedStep> steps) {
        public Plan {
            problems = List.copyOf(problems);
            steps = List.copyOf(steps);
        }
    }

    /**
     * A step.
     *
     * @param stage counts from 1; steps of one stage run at the same time
     * @param commits whether it is the commit point: only forward after it
     */
    public record PlannedStep(
            int number,
            int stage,
            String title,
            Optional<String> node,
            Optional<String> host,
            boolean commits) {}

    /** A step, or a problem of a command that would be refused. */
    public record Row(
            String command,
            Optional<Integer> stage,
            Optional<String> host,
            String title,
            boolean commits,
            String problem) {}

    public PlansAnswer {
        plans = List.copyOf(plans);
    }

    public static PlansAnswer of(List<PlannedCommand> commands) {
        return new PlansAnswer(commands.stream().map(PlansAnswer::plan).toList());
    }

    @Override
    public String kind() {
        return "plans";
    }

    @Override
    public Rows rows() {
        List<Row> rows = new ArrayList<>();
        for (Plan plan : plans) {
            plan.problems()
                    .forEach(
                            problem ->
                                    rows.add(
                                            new Row(
                                                    plan.command(),
                                                    Optional.empty(),
                                                    Optional.empty(),
                                                    "",
                                                    false,
                                                    problem.toString())));
            plan.steps()
                    .forEach(
                            step ->
                                    rows.add(
                                            new Row(
                                                    plan.command(),
                                                    Optional.of(step.stage()),
                                                    step.host(),
                                                    step.title(),
                                                    step.commits(),
                                                    "")));
        }
        return new Rows(Row.class, rows);
    }

    private static Plan plan(PlannedCommand planned) {
        return new Plan(
                planned.plan()
                        .map(xlctl.plan.Plan::title)
                        .orElseGet(() -> planned.command().toString()),
                planned.plan().isEmpty(),
                planned.exit().code(),
                planned.problems(),
                planned.plan().map(PlansAnswer::steps).orElse(List.of()));
    }

    private static List<PlannedStep> steps(xlctl.plan.Plan plan) {
        List<PlannedStep> steps = new ArrayList<>();
        int stage = 0;
        for (List<Step> together : plan.stages()) {
            stage++;
            for (Step step : together) {
                steps.add(
                        new PlannedStep(
                                step.number() + 1,
                                stage,
                                step.title(),
                                step.node().map(NodeName::value),
                                step.action().where().map(HostName::value),
                                plan.commit().equals(OptionalInt.of(step.number()))));
            }
        }
        return steps;
    }
}
