// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run, as it stands in a file. Immutable.
 *
 * @param machine what it was measured on
 * @param method how
 * @param rows goals and what was reached
 * @param samples everything that was measured
 */
public record Outcome(Map<String, String> machine, Map<String, String> method, List<Row> rows, List<Sample> samples) {
    private static final String SCHEMA = "mimir.bench";
    private static final JSON JSON_TEXT = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    /** Writes it: whole, or not at all. */
    public void write(Path file) throws IOException {
        var all = new LinkedHashMap<String, Object>();
        all.put("schema", SCHEMA);
        all.put("version", "1.0");
        all.put("machine", machine);
        all.put("method", method);
        all.put("rows", rows.stream().map(Outcome::row).toList());
        all.put("samples", samples.stream().map(Outcome::sample).toList());
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, JSON_TEXT.asString(all) + "\n");
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Object> row(Row row) {
        var map = new LinkedHashMap<String, Object>();
        map.put("suite", row.suite());
        map.put("name", row.name());
        map.put("ours", row.ours());
        map.put("peer", number(row.peer()));
        map.put("ratio", row.ratio());
        map.put("goal", row.goal());
        map.put("stretch", number(row.stretch()));
        map.put("met", row.met());
        map.put("unit", row.unit());
        map.put("kind", row.kind().name());
        map.put("rounds", row.rounds());
        map.put("invalid", row.invalid());
        return map;
    }

    /** JSON has no NaN. */
    private static Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static Map<String, Object> sample(Sample sample) {
        var map = new LinkedHashMap<String, Object>();
        map.put("suite", sample.suite());
        map.put("trial", sample.trial());
        map.put("round", sample.round());
        map.put("figures", sample.figures());
        map.put("faults", sample.faults());
        map.put("idle", sample.idle());
        map.put("runnable", sample.runnable());
        return map;
    }

    /**
     * Reads one; its rows are judged anew by the goals of today.
     *
     * @throws BadUseException when the file is none, with a sentence that says so
     */
    public static Outcome read(Path file) {
        try {
            var strict = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
            var all = JSON.builder(strict).build().mapFrom(Files.readString(file));
            if (!SCHEMA.equals(all.get("schema"))) {
                throw new BadUseException(file
                        + " is no result of a benchmark: make one with ./mimir bench --json FILE");
            }
            var samples = list(all.get("samples")).stream().map(Outcome::sample).toList();
            return of(texts(all.get("machine")), texts(all.get("method")), samples);
        } catch (IOException | ClassCastException | NullPointerException e) {
            throw new BadUseException(file + " cannot be read as the result of a benchmark (" + e.getMessage()
                    + "): make one with ./mimir bench --json FILE");
        }
    }

    /** Judges samples by the goals. */
    public static Outcome of(Map<String, String> machine, Map<String, String> method, List<Sample> samples) {
        return new Outcome(machine, method, Goals.all().stream().flatMap(goal -> Row.of(goal,
                samples).stream()).toList(),
                samples);
    }

    private static Sample sample(Map<?, ?> map) {
        var figures = new LinkedHashMap<String, Double>();
        ((Map<?, ?>) map.get("figures")).forEach((name, value) -> figures.put((String) name,
                value instanceof Number number ? number.doubleValue() : Double.NaN));
        return new Sample((String) map.get("suite"), (String) map.get("trial"), ((Number) map.get("round")).intValue(),
                figures, ((List<?>) map.get("faults")).stream().map(String.class::cast).toList(),
                ((Number) map.get("idle")).doubleValue(), ((Number) map.get("runnable")).intValue());
    }

    private static List<Map<?, ?>> list(Object value) {
        return ((List<?>) value).stream().<Map<?, ?>>map(each -> (Map<?, ?>) each).toList();
    }

    private static Map<String, String> texts(Object value) {
        var texts = new LinkedHashMap<String, String>();
        ((Map<?, ?>) value).forEach((name, text) -> texts.put((String) name, (String) text));
        return texts;
    }
}
