// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mimir.api.BadInputException;
import mimir.api.source.Driver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Turns a rig entry that names a folder into one device per picture sequence and WAV file below it. Thread-safe. */
@Component
public final class RecordingDriver implements Driver {
    private static final Set<String> MEMBERS = Set.of("folder", "loop", "fps", "id");

    /** Needs nothing. */
    @Activate
    public RecordingDriver() {
    }

    @Override
    public String name() {
        return RecordedSource.DRIVER;
    }

    @Override
    public List<Map<String, Object>> plan(Map<String, Object> entry) {
        var unknown = new TreeSet<>(entry.keySet());
        unknown.removeAll(MEMBERS);
        if (!unknown.isEmpty()) {
            throw new BadInputException("an entry of mimir.recording has no member '" + unknown.first()
                    + "'; it knows folder, loop, fps, id");
        }
        var folder = folder(entry.get("folder"));
        boolean loop = loop(entry.get("loop"));
        double fps = fps(entry.get("fps"));
        var prefix = prefix(entry.get("id"));
        var takes = FolderScan.scan(folder);
        var group = prefix + ":" + folder.toAbsolutePath();
        List<Map<String, Object>> devices = new ArrayList<>();
        takes.forEach((name,
                take) -> devices.add(configuration(new Settings(prefix + "." + name, take.kind(), take.path(),
                take.kind() == Settings.Kind.IMAGES ? take.stem() : "", loop, fps, group, takes.size()))));
        return devices;
    }

    private static Map<String, Object> configuration(Settings settings) {
        var device = new HashMap<String, Object>();
        device.put("id", settings.id());
        device.put("kind", settings.kind().name().toLowerCase(Locale.ROOT));
        device.put("path", settings.path().toString());
        device.put("stem", settings.stem());
        device.put("loop", settings.loop());
        device.put("fps", settings.fps());
        device.put("group", settings.group());
        device.put("members", settings.members());
        RingNeed.of(settings).ifPresent(ring -> {
            device.put(RING_BYTES, ring.regionBytes());
            device.put(RING_SECONDS, ring.seconds());
        });
        return device;
    }

    private static Path folder(Object value) {
        try {
            if (value instanceof String text && !text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException impossible) {
            throw new BadInputException("folder '" + value + "' cannot be the name of a folder ("
                    + impossible.getReason() + "); name another");
        }
        throw new BadInputException("an entry of mimir.recording needs a folder: \"folder\": \"DIR\""
                + " (with the rig 'recorded': --data DIR)");
    }

    /** Values that came from the command line are text. */
    private static boolean loop(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean given -> given;
            case String text when text.equals("true") || text.equals("false") -> Boolean.parseBoolean(text);
            default -> throw new BadInputException("loop must be true or false: " + value);
        };
    }

    private static double fps(Object value) {
        double fps;
        try {
            fps = value == null ? 10 : Double.parseDouble(value.toString());
        } catch (NumberFormatException noNumber) {
            fps = Double.NaN;
        }
        if (!(fps >= 0.001 && fps <= Settings.MOST_FPS)) {
            throw new BadInputException("fps must be a number of pictures per second up to 1000: " + value);
        }
        return fps;
    }

    private static String prefix(Object value) {
        var prefix = value == null ? "rec" : value.toString();
        if (!prefix.matches("[A-Za-z0-9._-]{1,20}")) {
            throw new BadInputException("id must have 1 to 20 letters, digits, dots, dashes or underscores: '" + prefix
                    + "'");
        }
        return prefix;
    }
}
