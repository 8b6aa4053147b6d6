// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;

/**
 * What the twin of the planted driver does. Immutable.
 *
 * @param fault what it does wrong
 * @param loseEvery it loses each so many-th item; 0: none
 * @param unplugAtMs since its start; 0: never
 * @param stepAtMs its clock jumps then, by {@code stepByMs}; 0: never
 * @param hangs its thread does not stop when it is told to
 */
record PlantedConfig(String id, int width, int height, int rateHz, PlantedFault fault, long loseEvery, long unplugAtMs,
        long unplugForMs, long stepAtMs, long stepByMs, boolean hangs) {
    static final long TICK_HZ = 1_000_000;

    private static final Map<String, Object> DEFAULTS = Map.of("width", 64L, "height", 16L, "rateHz", 200L, "fault",
            "none", "loseEvery", 0L, "unplugAtMs", 0L, "unplugForMs", 200L, "stepAtMs", 0L, "stepByMs", 0L, "hangs",
            false);

    /** Of the members of an entry, or of the properties that were made of them. */
    static PlantedConfig of(Map<String, Object> given) {
        var all = new LinkedHashMap<>(DEFAULTS);
        all.putAll(given);
        if (!(all.get("id") instanceof String id) || id.isBlank()) {
            throw new BadInputException("a planted device needs an id, such as planted.1");
        }
        return new PlantedConfig(id, whole(all, "width"), whole(all, "height"), whole(all, "rateHz"), fault(all),
                whole(all, "loseEvery"), whole(all, "unplugAtMs"), whole(all, "unplugForMs"), whole(all, "stepAtMs"),
                whole(all, "stepByMs"), Boolean.TRUE.equals(all.get("hangs")));
    }

    /** Throws {@link BadInputException} for a mode that the device cannot do. */
    void check(Map<String, Object> given) {
        given.keySet().stream().filter(name -> !name.equals("id") && !DEFAULTS.containsKey(name)).findFirst()
                .ifPresent(name -> {
                    throw new BadInputException(id + ": " + name + " is not known; leave it out");
                });
        if (width < 64 || width > 4096 || height < 16 || height > 4096 || rateHz < 1 || rateHz > 1000) {
            throw new BadInputException(id + ": " + width + "x" + height + " at " + rateHz + " Hz is impossible; give "
                    + "64x16 to 4096x4096 at 1 to 1000 Hz");
        }
    }

    private static int whole(Map<String, Object> all, String name) {
        if (all.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new BadInputException(all.get("id") + ": " + name + " must be a whole number");
    }

    private static PlantedFault fault(Map<String, Object> all) {
        var word = String.valueOf(all.get("fault")).toUpperCase(Locale.ROOT);
        return Arrays.stream(PlantedFault.values()).filter(one -> one.name().equals(word)).findFirst().orElseThrow(() ->
                new BadInputException(all.get("id") + ": there is no fault '" + all.get("fault") + "'"));
    }

    RingFormat format() {
        return PixelFormat.GREY.packed(width, height, 0, rateHz, 1, TICK_HZ);
    }

    RingSpec ring() {
        return new RingSpec(id, Abi.ITEM_FRAME, rateHz, format().payloadBytes(), format(), RingSpec.Writer.JAVA);
    }

    long periodNs() {
        return 1_000_000_000L / rateHz;
    }
}
