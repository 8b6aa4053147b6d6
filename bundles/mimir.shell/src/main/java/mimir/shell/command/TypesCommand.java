// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.api.source.Source;
import mimir.ring.Ring;
import mimir.ring.Rings;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Types of results and their fields, for people, programs and C. Thread-safe. */
final class TypesCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    /** A type; the layout is null as long as nobody has attached it. */
    private record Row(String id, AttachmentLayout layout, List<String> givenBy, List<String> sources) {
    }

    private static final Listing<Row> TYPES = new Listing<>(
            Column.of("TYPE", "type", Row::id),
            Column.of("BYTES", "bytes", row -> row.layout() == null ? null : row.layout().bytes()),
            new Column<>("GIVEN BY", "givenBy", Row::givenBy, TypesCommand::words),
            new Column<>("RESULTS OF", "sources", Row::sources, TypesCommand::words));

    private record FieldRow(String type, AttachmentLayout.Field field) {
    }

    private static final Listing<FieldRow> FIELDS = new Listing<>(
            Column.of("TYPE", "type", FieldRow::type),
            Column.of("FIELD", "name", row -> row.field().name()),
            Column.of("KIND", "kind", row -> row.field().kind().getName()),
            Column.of("VALUES", "length", row -> row.field().length()),
            Column.of("OFFSET", "offset", row -> row.field().offset()),
            Column.of("UNIT", "unit", row -> row.field().unit()));

    private final Services services;

    TypesCommand(Services services) {
        this.services = services;
    }

    private static String words(Object list) {
        var text = ((List<?>) list).stream().map(String::valueOf).collect(Collectors.joining(" "));
        return text.isEmpty() ? "-" : text;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("types", "types of results and their fields", "[TYPE]…", 0, ANY,
                Option.flag("--header", "those that were attached, as a header for C"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var rows = wanted(given.arguments(), rows());
        if (given.has("--header")) {
            return Answer.of(header(rows));
        }
        var fields = rows.stream().filter(row -> row.layout() != null).flatMap(row -> row.layout().fields().stream()
                .map(field -> new FieldRow(row.id(), field))).toList();
        if (given.has("--json")) {
            return Json.answer("types", TYPES.values(rows), "fields", FIELDS.values(fields));
        }
        if (rows.isEmpty()) {
            return Answer.of("There is no type: no bundle with an analyser runs, and nothing was attached.");
        }
        return Answer.of(TYPES.table(rows) + (fields.isEmpty()
                ? "\nFields are known once an analyser is attached.\n" : "\n" + FIELDS.table(fields)));
    }

    private static String header(List<Row> rows) {
        var layouts = rows.stream().map(Row::layout).filter(layout -> layout != null).toList();
        if (layouts.isEmpty()) {
            throw new BadInputException("types --header has nothing to say: attach an analyser first");
        }
        return layouts.stream().map(AttachmentLayout::header).collect(Collectors.joining("\n"));
    }

    private List<Row> rows() {
        var rows = new TreeMap<String, Row>();
        var attachments = services.need(Attachments.class, "mimir.engine");
        for (var kind : services.find(Analyzers.class).map(Analyzers::kinds).orElse(List.of())) {
            kind.outputs().forEach(id -> row(rows, id, null).givenBy().add(kind.name()));
        }
        for (var source : sources()) {
            attachments.types(source).forEach(layout -> row(rows, layout.id(), layout).sources().add(source));
        }
        return List.copyOf(rows.values());
    }

    private static Row row(TreeMap<String, Row> rows, String id, AttachmentLayout layout) {
        return rows.compute(id, (key, known) -> known == null
                ? new Row(id, layout, new ArrayList<>(), new ArrayList<>())
                : known.layout() != null ? known : new Row(id, layout, known.givenBy(), known.sources()));
    }

    /** Those that are gone, too: their results may still be there. */
    private List<String> sources() {
        var ids = new ArrayList<>(services.all(Source.class).stream().map(Source::id).toList());
        services.find(Rings.class).ifPresent(rings -> rings.list().stream().map(Ring::identity)
                .filter(id -> id.indexOf('/') < 0).forEach(ids::add));
        return ids.stream().sorted().distinct().toList();
    }

    private static List<Row> wanted(List<String> names, List<Row> rows) {
        if (names.isEmpty()) {
            return rows;
        }
        var wanted = new ArrayList<Row>();
        for (var name : names) {
            var fitting = rows.stream().filter(row -> fits(name, row.id())).toList();
            if (fitting.isEmpty()) {
                throw new BadInputException("there is no type '" + name + "'"
                        + Names.thereAre(rows.stream().map(Row::id).toList()));
            }
            wanted.addAll(fitting);
        }
        return wanted.stream().distinct().toList();
    }

    /** The types that somebody means by {@code mimir.flow@1}, {@code mimir.flow} or {@code flow}. */
    static List<AttachmentLayout> fitting(String word, Collection<AttachmentLayout> layouts) {
        return layouts.stream().filter(layout -> fits(word, layout.id())).toList();
    }

    private static boolean fits(String word, String id) {
        var name = id.substring(0, id.indexOf('@'));
        return word.equals(id) || word.equals(name) || word.equals(name.substring(name.lastIndexOf('.') + 1))
                || word.equals(id.substring(name.lastIndexOf('.') + 1));
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return services.find(Attachments.class).isEmpty() ? List.of()
                : rows().stream().map(Row::id).filter(id -> !arguments.contains(id)).toList();
    }
}
