// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * {@code ./mimir sync-bench}: the clock estimator and the alignment of streams on simulated devices, goal beside
 * result. Confined.
 */
public final class Main {
    private static final int STARTS = 200;
    private static final String SCHEMA = "mimir.sync-bench";

    private Main() {
    }

    /** See {@link Request#USAGE}. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        if (List.of(arguments).contains("--help")) {
            out.println(Request.HELP);
            return 0;
        }
        try {
            var request = Request.of(arguments);
            var rows = new ArrayList<Row>();
            if (request.observations() != null) {
                show(Replay.rows(Observations.read(request.observations())), rows, out);
                if (rows.isEmpty()) {
                    throw new BadUseException("no item of " + request.observations() + " tells its true time");
                }
                return finish(request, rows, out);
            }
            var scenarios = request.scenarios();
            for (var scenario : scenarios) {
                err.printf("%s: %d whole runs of %.0f s, %d cold starts (%d of %d)%n", scenario.name(), request.seeds(),
                        scenario.seconds(), STARTS, scenarios.indexOf(scenario) + 1, scenarios.size());
                var study = new Study(scenario, request.seeds(), STARTS, Goals.settledS(scenario),
                        Goals.blindS(scenario));
                show(Goals.rows(study), rows, out);
                show(study.rows(), rows, out);
            }
            if (request.scenario() == null) {
                show(Cost.rows(), rows, out);
                show(AlignmentRows.rows(), rows, out);
            }
            return finish(request, rows, out);
        } catch (BadUseException e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("the result could not be written: " + e.getMessage());
            return 1;
        }
    }

    private static void show(List<Row> fresh, List<Row> all, PrintStream out) {
        fresh.forEach(row -> out.println(row.line()));
        all.addAll(fresh);
    }

    private static int finish(Request request, List<Row> rows, PrintStream out) throws IOException {
        long judged = rows.stream().filter(row -> !Double.isNaN(row.goal())).count();
        long met = rows.stream().filter(row -> !Double.isNaN(row.goal()) && row.met()).count();
        long failed = rows.stream().filter(row -> !row.passes()).count();
        out.printf("%d of %d goals met, %d missed within the gate, %d not met%n", met, judged, judged - met - failed,
                failed);
        if (request.json() != null) {
            var map = new LinkedHashMap<String, Object>();
            map.put("schema", SCHEMA);
            map.put("version", "1.0");
            map.put("seeds", request.seeds());
            map.put("rows", rows.stream().map(Row::json).toList());
            Files.writeString(request.json(),
                    JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(map) + System.lineSeparator());
        }
        return failed == 0 ? 0 : 1;
    }
}
