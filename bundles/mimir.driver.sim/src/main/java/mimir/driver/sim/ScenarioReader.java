// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.rig.Members;
import mimir.api.source.DeviceIdentity;
import mimir.driver.sim.Scenario.Clock;
import mimir.driver.sim.Scenario.Happening;
import mimir.driver.sim.Scenario.Jitter;
import mimir.driver.sim.Scenario.Missing;
import mimir.driver.sim.Scenario.Mode;
import mimir.driver.sim.Scenario.Moment;
import mimir.ring.RingFormat;

/**
 * Reads scenarios; the ranges and defaults of docs/scenario.md stand here and nowhere else. Thread-safe; control
 * threads.
 */
public final class ScenarioReader {
    /** Kind of device: it sends frames. */
    public static final String CAMERA = "camera";
    /** Kind of device: it sends blocks of sound. */
    public static final String AUDIO = "audio";

    private static final JSON STRICT = JSON.builder(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build();
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int MOST_MOMENTS = 16;
    private static final int MOST_MISSING = 64;
    private static final int MOST_ITEMS_PER_SECOND = 20_000;
    private static final long MOST_RING_BYTES = 4L << 30;
    private static final int BT601_LIMITED = 1;
    private static final double DAY_S = 86_400;
    private static final List<String> FORMATS = List.of(PixelFormat.GREY.name(), PixelFormat.YUYV.name(),
            PixelFormat.YUV444.name(), PixelFormat.NV12.name(), PixelFormat.BAYER_GRBG.name());

    private ScenarioReader() {
    }

    /**
     * The scenario of a device.
     *
     * @param id identity of its source, for the sentences
     * @param kind {@link #CAMERA} or {@link #AUDIO}
     * @param json text of the scenario
     * @throws BadInputException with one sentence that names the device, the member and what it may be
     */
    public static Scenario read(String id, String kind, String json) {
        var scenario = members(id + ": scenario", json);
        boolean audio = kind.equals(AUDIO);
        long seed = scenario.whole("seed", 1, 0, Long.MAX_VALUE);
        var clock = scenario.object("clock");
        var mode = audio ? block(scenario) : picture(scenario, clock.whole("tickHz", 1_000_000, 0, 1_000_000_000));
        double phaseMs = scenario.number("phaseMs", phaseMs(seed, mode), 0, 60_000);
        var drift = clock(clock);
        var steps = steps(clock);
        clock.end();
        var read = new Scenario(seed, mode, phaseMs, drift, jitter(scenario.object("jitter")),
                scenario.number("batchMs", 0, 0, 1000), missing(scenario.object("missing")), moments(scenario, steps),
                events(scenario.object("events")), scenario.flag("hangOnStop"), identity(scenario, id, kind),
                ports(scenario));
        scenario.end();
        affordable(scenario, read, id);
        return read;
    }

    private static Members members(String where, String json) {
        try {
            if (STRICT.anyFrom(json) instanceof Map<?, ?> object) {
                return new Members(where, object);
            }
            throw new BadInputException(where + " must be a JSON object in braces");
        } catch (JacksonException malformed) {
            throw new BadInputException(where + " is not valid JSON: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new BadInputException(where + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** Two devices of a rig differ in serial number and port, unless the rig wants them alike. */
    private static DeviceIdentity identity(Members scenario, String id, String kind) {
        var given = scenario.object("device");
        var identity = new DeviceIdentity(given.text("model", "simulated " + kind),
                given.text("serial", "SIM-" + HEX.toHexDigits(id.hashCode())),
                given.text("port", "sim/" + id));
        given.end();
        return identity;
    }

    private static List<String> ports(Members scenario) {
        var ports = new TreeMap<Double, String>();
        for (var unplug : scenario.objects("unplugs")) {
            ports.put(unplug.number("atS", 0, 0, DAY_S), unplug.text("port", ""));
        }
        return List.copyOf(ports.values());
    }

    /** Spreads devices that differ in nothing but their seed over one period. */
    private static double phaseMs(long seed, Mode mode) {
        return Math.floorMod(seed * 0x9E3779B97F4A7C15L >>> 40, 1000) / mode.itemsPerSecond();
    }

    private static Mode picture(Members scenario, long tickHz) {
        var mode = scenario.object("mode");
        int width = (int) mode.whole("width", 640, 64, 8192);
        int height = (int) mode.whole("height", 480, 16, 8192);
        var format = PixelFormat.valueOf(mode.word("format", PixelFormat.YUYV.name(), FORMATS));
        mode.end();
        boolean halves = format == PixelFormat.YUYV || format == PixelFormat.NV12 || format == PixelFormat.BAYER_GRBG;
        if (halves && width % 2 != 0) {
            throw mode.fault(format + " needs an even width, not " + width);
        }
        if (halves && format != PixelFormat.YUYV && height % 2 != 0) {
            throw mode.fault(format + " needs an even height, not " + height);
        }
        double rateHz = scenario.number("rateHz", 60, 0.1, 1000);
        int milliHz = (int) Math.round(rateHz * 1000);
        boolean whole = milliHz % 1000 == 0;
        int colour = format == PixelFormat.GREY || format == PixelFormat.BAYER_GRBG ? 0 : BT601_LIMITED;
        var packed = format.packed(width, height, colour, whole ? milliHz / 1000 : milliHz, whole ? 1 : 1000, tickHz);
        return new Mode(packed, false, "simulated camera " + width + "x" + height + " " + format);
    }

    private static Mode block(Members scenario) {
        var mode = scenario.object("mode");
        int channels = (int) mode.whole("channels", 8, 1, 64);
        int frames = (int) mode.whole("blockFrames", 64, 16, 8192);
        mode.end();
        int rateHz = (int) scenario.whole("rateHz", 192_000, 8_000, 768_000);
        if ((double) rateHz / frames > MOST_ITEMS_PER_SECOND) {
            throw mode.fault("blocks of " + frames + " frames at " + rateHz + " Hz are more than "
                    + MOST_ITEMS_PER_SECOND
                    + " a second; make blockFrames larger");
        }
        RingFormat planar = SampleFormat.F32_PLANAR.planar(channels, frames, rateHz);
        return new Mode(planar, true, "simulated interface " + channels + " x " + rateHz + " Hz");
    }

    private static Clock clock(Members clock) {
        var read = new Clock(clock.number("driftPpm", 0, -10_000, 10_000), clock.number("wanderPpm", 0, 0, 1000),
                clock.number("wanderPeriodS", 60, 1, DAY_S));
        if (read.wanderPpm() == 0 && clock.has("wanderPeriodS")) {
            throw clock.fault("wanderPeriodS without wanderPpm means nothing; give wanderPpm or leave both out");
        }
        return read;
    }

    private static List<Moment> steps(Members clock) {
        var steps = new ArrayList<Moment>();
        for (var step : clock.objects("steps")) {
            long atNs = nanos(step.number("atS", Double.NaN, 0, DAY_S), 1e9);
            steps.add(new Moment(Happening.STEP, atNs, nanos(step.number("byMs", Double.NaN, -60_000, 60_000), 1e6)));
            step.end();
        }
        return steps;
    }

    private static Jitter jitter(Members jitter) {
        var read = new Jitter(jitter.number("delayUs", 100, 0, 1_000_000), jitter.number("medianUs", 0, 0, 1_000_000),
                jitter.number("sigma", 0.5, 0, 3), jitter.number("tailProbability", 0, 0, 1),
                jitter.number("tailMeanUs", 0, 0, 1_000_000));
        jitter.end();
        if (read.tailProbability() > 0 != read.tailMeanUs() > 0) {
            throw jitter.fault("tailProbability and tailMeanUs go together; give both above 0 or neither");
        }
        return read;
    }

    private static Missing missing(Members missing) {
        var read = new Missing(missing.number("probability", 0, 0, 1), missing.wholes("sequences"));
        missing.end();
        if (read.numbers().size() > MOST_MISSING) {
            throw missing.fault("sequences holds " + read.numbers().size() + " numbers, but at most " + MOST_MISSING
                    + " are possible");
        }
        return read;
    }

    private static List<Moment> moments(Members scenario, List<Moment> steps) {
        var stalls = new ArrayList<Moment>();
        for (var stall : scenario.objects("stalls")) {
            boolean late = stall.word("items", "lost", List.of("lost", "late")).equals("late");
            long atNs = nanos(stall.number("atS", Double.NaN, 0, DAY_S), 1e9);
            long forNs = nanos(stall.number("forMs", Double.NaN, 1, 60_000), 1e6);
            stalls.add(new Moment(late ? Happening.STALL_LATE : Happening.STALL_LOST, atNs, forNs));
            stall.end();
        }
        var unplugs = new ArrayList<Moment>();
        for (var unplug : scenario.objects("unplugs")) {
            long atNs = nanos(unplug.number("atS", Double.NaN, 0, DAY_S), 1e9);
            unplugs.add(new Moment(Happening.UNPLUG, atNs, nanos(unplug.number("forS", Double.NaN, 0.001, 3600), 1e9)));
            unplug.text("port", "");
            unplug.end();
        }
        apart(scenario, "stalls", stalls);
        apart(scenario, "unplugs", unplugs);
        var all = new ArrayList<>(stalls);
        all.addAll(unplugs);
        all.addAll(steps);
        if (all.size() > MOST_MOMENTS) {
            throw scenario.fault("stalls, unplugs and steps are " + all.size() + " together, but at most "
                    + MOST_MOMENTS + " are possible");
        }
        return all;
    }

    private static void apart(Members scenario, String name, List<Moment> moments) {
        if (moments.size() < 2) {
            return;
        }
        var sorted = moments.stream().sorted(Comparator.comparingLong(Moment::atNs)).toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).atNs() < sorted.get(i - 1).endNs()) {
                throw scenario.fault(String.format(Locale.ROOT,
                        "two %s overlap at %.3f s; begin the second when the first is over", name,
                        sorted.get(i).atNs() / 1e9));
            }
        }
    }

    private static double events(Members events) {
        double periodMs = events.number("periodMs", 1000, 0, 3_600_000);
        events.end();
        if (periodMs > 0 && periodMs < 100) {
            throw events.fault("periodMs is " + periodMs
                    + ", but events need at least 100 ms between them, or 0 for none");
        }
        return periodMs;
    }

    private static void affordable(Members scenario, Scenario read, String id) {
        var ring = read.ring(id);
        if (ring.slotCount() * ring.payloadBytes() > MOST_RING_BYTES) {
            throw scenario.fault(String.format(Locale.ROOT,
                    "half a second of it takes %.1f GiB, but a ring has at most %d; lower size or "
                    + "rateHz", ring.slotCount() * ring.payloadBytes() / (double) (1L << 30), MOST_RING_BYTES >> 30));
        }
    }

    private static long nanos(double value, double unit) {
        return Math.round(value * unit);
    }
}
