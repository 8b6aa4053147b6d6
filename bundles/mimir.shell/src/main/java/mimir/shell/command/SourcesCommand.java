// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.media.PixelFormat;
import mimir.api.report.Alarm;
import mimir.api.report.Reporter;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.Device;
import mimir.api.rig.Devices.State;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.RingFormat;
import mimir.ring.RingStats;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Who publishes what. Thread-safe. */
final class SourcesCommand implements Command {
    /** A source, what people call it, and what is wrong with it. */
    private record Row(Source source, RingStats ring, List<String> aliases, DeviceIdentity identity, String alarm) {
        RingFormat format() {
            return source.format();
        }

        boolean audio() {
            return source instanceof AudioSource;
        }

        long dropped() {
            return ring.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "id", row -> row.source().id()),
            new Column<>("ALIAS", "aliases", Row::aliases, SourcesCommand::names),
            Column.of("KIND", "kind", row -> SourceProperties.kind(row.source())),
            Column.of("DRIVER", "driver", row -> row.source().driver()),
            Column.of("DEVICE", "device", row -> row.source().device()),
            Column.of("FORMAT", "format", SourcesCommand::format),
            Column.of("RATE Hz", "rateHz", row -> row.format().rateHz()),
            Column.of("EPOCH", "epoch", row -> row.ring().epoch()),
            Column.of("PUBLISHED", "published", row -> row.ring().published()),
            Column.of("DROPPED AT SOURCE", "droppedAtSource", Row::dropped),
            Column.of("STATE", "state", row -> row.alarm() == null ? row.ring().stateLabel() : "dead"),
            Column.hidden("cause", Row::alarm),
            Column.hidden("model", row -> told(row.identity().model())),
            Column.hidden("serial", row -> told(row.identity().serial())),
            Column.hidden("path", row -> told(row.identity().path())));

    private static final Listing<DeviceFault> FAULTS = new Listing<>(
            Column.of("SOURCE", "id", DeviceFault::id),
            Column.of("DRIVER", "driver", DeviceFault::driver),
            Column.of("FAULT", "fault", DeviceFault::sentence));

    /** One that does not run, with the reason, or because somebody stopped it. */
    private static final Listing<Device> AWAY = new Listing<>(
            Column.of("SOURCE", "id", Device::id),
            Column.hidden("aliases", Device::aliases),
            Column.of("DRIVER", "driver", Device::driver),
            Column.of("STATE", "state", device -> device.state().name().toLowerCase(Locale.ROOT)),
            Column.hidden("cause", device -> told(device.cause())));

    private final Services services;

    SourcesCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("sources", "who publishes what", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var devices = services.find(Devices.class).map(Devices::list).orElse(List.of());
        var alarms = services.find(Reporter.class).map(Reporter::alarms).orElse(List.of());
        var away = devices.stream().filter(device -> device.state() != State.RUNNING).toList();
        var rows = services.all(Source.class).stream().sorted(Comparator.comparing(Source::id))
                .map(source -> row(source, devices, alarms)).toList();
        var faults = services.all(DeviceFault.class).stream().sorted(Comparator.comparing(DeviceFault::id)).toList();
        if (given.has("--json")) {
            var values = new LinkedHashMap<String, Object>();
            values.put("sources", LISTING.values(rows));
            values.put("faults", FAULTS.values(faults));
            values.put("away", AWAY.values(away));
            return Json.answer(values);
        }
        return Answer.of(text(rows, faults, away));
    }

    private static Row row(Source source, List<Device> devices, List<Alarm> alarms) {
        var device = devices.stream().filter(one -> one.id().equals(source.id())).findFirst();
        var alarm = alarms.stream().filter(one -> one.source().equals(source.id())).map(Alarm::cause).findFirst();
        return new Row(source, source.ring().stats(), device.map(Device::aliases).orElse(List.of()),
                device.map(Device::identity).orElse(DeviceIdentity.NONE), alarm.orElse(null));
    }

    private static String names(Object aliases) {
        var names = ((List<?>) aliases).stream().map(String::valueOf).toList();
        return names.isEmpty() ? "-" : String.join(" ", names);
    }

    private static String told(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String text(List<Row> rows, List<DeviceFault> faults, List<Device> away) {
        var text = new StringBuilder(rows.isEmpty() ? "No source is published.\n" : LISTING.table(rows));
        rows.stream().filter(row -> row.alarm() != null).forEach(row -> text.append(row.source().id()).append(' ')
                .append(row.alarm()).append('\n'));
        faults.forEach(fault -> text.append(fault.id()).append(" of ").append(fault.driver())
                .append(" does not run: ").append(fault.sentence()).append('\n'));
        away.stream().filter(device -> device.state() != State.FAULTY).forEach(device -> text.append(device.id())
                .append(device.state() == State.STOPPED ? " is stopped; start " + device.id() + " lets it go on"
                : " is gone: " + device.cause()).append('\n'));
        return text.toString();
    }

    private static String format(Row row) {
        var format = row.format();
        return row.audio() ? format.width() + " channels x " + format.height()
                : format.width() + "x" + format.height() + " " + pixels(format.code());
    }

    /** A driver of tomorrow may know a format that this shell does not. */
    private static String pixels(int code) {
        for (var known : PixelFormat.values()) {
            if (known.code() == code) {
                return known.name();
            }
        }
        return "format " + code;
    }
}
