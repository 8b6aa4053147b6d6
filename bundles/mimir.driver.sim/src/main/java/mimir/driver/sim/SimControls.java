// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.source.Control;
import mimir.api.source.Controls;

/**
 * What can be set of a simulated device, {@code mimir_sim_controls} of mimir_sim.h: one word a control, which the
 * native worker reads before each item. Its memory is this object's; that of a device whose worker did not stop is
 * never closed. Thread-safe; the worker takes no lock.
 *
 * <pre>
 *    0         8           16            24           32       40      48        64
 *    +---------+-----------+-------------+------------+--------+-------+---------+
 *    |version  |exposure us|gain permille|level dB/100|muted   |led    |reserved |
 *    +---------+-----------+-------------+------------+--------+-------+---------+
 * </pre>
 */
final class SimControls implements Controls, AutoCloseable {
    static final long BYTES = 64;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final String id;
    private final boolean audio;
    private final long periodUs;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BYTES, 64);
    private boolean closed; // guarded by this

    /** A word and how it is shown. Immutable. */
    private enum Knob {
        EXPOSURE(8, 1), GAIN(16, 1000), LEVEL(24, 100), MUTED(32, 1), LED(40, 1);

        private final long offset;
        private final double scale;

        Knob(long offset, double scale) {
            this.offset = offset;
            this.scale = scale;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** All as the device is without them. */
    SimControls(String id, Scenario.Mode mode) {
        this.id = id;
        audio = mode.audio();
        periodUs = Math.max(1, 1_000_000L * mode.format().rateDenominator() / mode.format().rateNumerator());
        memory.set(ValueLayout.JAVA_LONG, Knob.EXPOSURE.offset, periodUs);
        memory.set(ValueLayout.JAVA_LONG, Knob.GAIN.offset, 1000L);
    }

    @Override
    public String id() {
        return id;
    }

    /** For the native worker. */
    MemorySegment memory() {
        return memory;
    }

    @Override
    public synchronized List<Control> read() {
        if (closed) {
            throw gone();
        }
        var led = Control.flag(Knob.LED.label(), word(Knob.LED) != 0, "the light at the device; frames tell it");
        return audio ? List.of(
                Control.number(Knob.LEVEL.label(), -60, 20, "dB", word(Knob.LEVEL) / Knob.LEVEL.scale, "loudness"),
                Control.flag(Knob.MUTED.label(), word(Knob.MUTED) != 0, "silence instead of sound"), led)
                : List.of(Control.whole(Knob.EXPOSURE.label(), 1, periodUs, "us", word(Knob.EXPOSURE),
                "how long a frame gathers light"), Control.number(Knob.GAIN.label(), 0.1, 16, "",
                word(Knob.GAIN) / Knob.GAIN.scale, "how many times as bright"), led);
    }

    private long word(Knob knob) {
        return (long) WORD.getOpaque(memory, knob.offset);
    }

    @Override
    public synchronized void write(Map<String, Object> values) {
        var known = read().stream().collect(Collectors.toMap(Control::name, control -> control));
        var words = new LinkedHashMap<Knob, Long>();
        values.forEach((name, value) -> {
            if (!known.containsKey(name)) {
                throw new BadInputException(id + " has no control '" + name + "'");
            }
            var knob = Knob.valueOf(name.toUpperCase(Locale.ROOT));
            words.put(knob, toWord(knob, known.get(name).check(value)));
        });
        long version = (long) WORD.getOpaque(memory, 0L);
        WORD.setOpaque(memory, 0L, version + 1);
        VarHandle.releaseFence(); // the odd version must be seen before any new word
        words.forEach((knob, word) -> WORD.setOpaque(memory, knob.offset, (long) word));
        WORD.setRelease(memory, 0L, version + 2);
    }

    private static long toWord(Knob knob, Object value) {
        return switch (value) {
            case Boolean flag -> flag ? 1 : 0;
            case Number number -> Math.round(number.doubleValue() * knob.scale);
            default -> throw new BadInputException(knob.label() + " cannot be '" + value + "'");
        };
    }

    private IllegalStateException gone() {
        return new IllegalStateException(id + " is gone; look for it with sources");
    }

    /** Gives the memory back. Call only when the worker is done with it. */
    @Override
    public synchronized void close() {
        closed = true;
        arena.close();
    }
}
