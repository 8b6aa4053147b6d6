// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.source.Control;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** What can be set of devices, and setting it. Thread-safe. */
final class SetCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    private record Row(String source, Control control) {
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "source", Row::source),
            Column.of("CONTROL", "name", row -> row.control().name()),
            new Column<>("VALUE", "value", row -> row.control().value(), SetCommand::shown),
            Column.of("UNIT", "unit", row -> row.control().unit().isEmpty() ? null : row.control().unit()),
            Column.of("TYPE", "type", row -> row.control().type().name().toLowerCase(Locale.ROOT)),
            Column.of("RANGE", "range", row -> row.control().range()),
            Column.hidden("least", row -> isNumber(row) ? row.control().least() : null),
            Column.hidden("most", row -> isNumber(row) ? row.control().most() : null),
            Column.hidden("choices", row -> row.control().choices()),
            Column.of("WHAT", "about", row -> row.control().about()));

    private final Services services;

    SetCommand(Services services) {
        this.services = services;
    }

    private static String shown(Object value) {
        return value instanceof Boolean flag ? flag ? "on" : "off" : value.toString();
    }

    private static boolean isNumber(Row row) {
        return row.control().type() == Control.Type.NUMBER || row.control().type() == Control.Type.WHOLE;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("set", "what can be set of a device, or set it: one or several at once",
                "SOURCE [NAME=VALUE]…", 1, ANY, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var devices = services.need(Devices.class, "mimir.engine");
        var words = given.arguments();
        var values = values(words.subList(1, words.size()));
        var rows = new ArrayList<Row>();
        for (var id : devices.named(words.getFirst())) {
            var controls = values.isEmpty() ? devices.controls(id) : devices.set(id, values);
            controls.forEach(control -> rows.add(new Row(id, control)));
        }
        if (given.has("--json")) {
            return Json.answer(LISTING.values(rows));
        }
        return Answer.of(rows.isEmpty() ? "Nothing can be set of " + words.getFirst() + "." : LISTING.table(rows));
    }

    private static Map<String, String> values(List<String> words) {
        var values = new LinkedHashMap<String, String>();
        for (var word : words) {
            int equals = word.indexOf('=');
            if (equals < 1 || values.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new BadInputException("set cannot use '" + word
                        + "': behind the source stand its controls, each once, such as gain=2");
            }
        }
        return values;
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (arguments.isEmpty()) {
            return SourceWords.candidates(services);
        }
        return services.find(Devices.class).stream().flatMap(devices -> controls(devices, arguments.getFirst()))
                .map(control -> control.name() + "=").toList();
    }

    private static Stream<Control> controls(Devices devices, String word) {
        try {
            return devices.controls(devices.one(word)).stream();
        } catch (BadInputException nobody) {
            return Stream.empty();
        }
    }
}
