// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.report.Meters;
import mimir.api.report.Meters.Level;
import mimir.api.source.AudioSource;
import mimir.api.source.Source;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** How loud audio sources are. Thread-safe. */
final class LevelsCommand implements Command {
    private record Row(String source, Level level) {
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "source", Row::source),
            Column.of("CHANNEL", "channel", row -> row.level().channel()),
            new Column<>("PEAK dBFS", "peakDbfs", row -> finite(row.level().peakDbfs()), LevelsCommand::shown),
            new Column<>("RMS dBFS", "rmsDbfs", row -> finite(row.level().rmsDbfs()), LevelsCommand::shown),
            Column.hidden("frames", row -> row.level().frames()),
            Column.of("AGE ms", "ageMs", row -> row.level().ageNs() / 1e6));

    private final Services services;

    LevelsCommand(Services services) {
        this.services = services;
    }

    /** Silence has no level: null for programs, a dash for people. */
    private static Double finite(double level) {
        return Double.isInfinite(level) ? null : Double.valueOf(Math.round(level * 100) / 100.0);
    }

    private static String shown(Object level) {
        return String.format(Locale.ROOT, "%.2f", (Double) level);
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("levels", "how loud the channels of audio sources are, over the last 100 ms", "[SOURCE]", 0,
                1, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var meters = services.need(Meters.class, "mimir.watch");
        var sources = given.arguments().isEmpty() ? audio()
                : SourceWords.named(services, given.arguments().getFirst());
        var rows = new ArrayList<Row>();
        for (var source : sources) {
            meters.levels(source).forEach(level -> rows.add(new Row(source, level)));
        }
        if (given.has("--json")) {
            return Json.answer(LISTING.values(rows));
        }
        return Answer.of(rows.isEmpty() ? "There is no sound to measure." : LISTING.table(rows));
    }

    private List<String> audio() {
        return services.all(AudioSource.class).stream().map(Source::id).sorted().toList();
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return audio();
    }
}
