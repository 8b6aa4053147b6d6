// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import mimir.api.source.DeviceIdentity;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;

/**
 * One camera of a rig, from its first look for it to its end: it waits until there is one, opens and starts it, and
 * when it was unplugged opens it again, wherever it comes back. Single-writer: the worker of its device; {@link #close}
 * after that worker.
 */
final class Camera {
    private static final long LOOK_NS = 1_000_000_000;
    private static final long AGAIN_NS = 200_000_000;
    private static final long GONE_NS = 50_000_000;
    private static final long QUICKLY_NS = 5_000_000_000L;
    private static final int MOST_HALTS = 6;
    private static final long STREAMING = 2;
    private static final long GONE = 3;

    /** What a camera tells of itself. */
    interface Told {
        /** It is about to start for the first time: whoever reads it should know it now. */
        void published(Camera camera, DeviceIdentity identity);

        /** It is at another port, or at none. */
        void moved(DeviceIdentity identity);

        /** It cannot run, for this reason; empty: it can again. Only before {@link #published}. */
        void fault(String sentence);

        /** It streams; the sentence goes on after its name. */
        void runs(String sentence);

        /** Something that goes on after its name, where somebody should do something. */
        void warn(String sentence);
    }

    private final Settings wanted;
    private final Eyes eyes;
    private final Fleet fleet;
    private final Function<RingSpec, RingOwner> rings;
    private final Told told;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment counts = arena.allocate(Struct.COUNTS.bytes(), 64);
    private Settings now;
    private DeviceIdentity identity;
    private String link = "";
    private RingOwner owner;
    private int handle;
    private boolean running;
    private String last = "";
    private long pauseNs = LOOK_NS;
    private long startedNs;
    private int halts;

    /**
     * Looks for nothing yet.
     *
     * @param rings opens its ring
     */
    Camera(Settings wanted, Eyes eyes, Fleet fleet, Function<RingSpec, RingOwner> rings, Told told) {
        this.wanted = wanted;
        this.eyes = eyes;
        this.fleet = fleet;
        this.rings = rings;
        this.told = told;
        now = wanted;
        fleet.places().enter(wanted);
    }

    /** The settings that it runs with. */
    Settings settings() {
        return now;
    }

    /** How it is connected; empty while it is away. */
    String link() {
        return link;
    }

    /** Its handle behind the native seam. */
    int handle() {
        return handle;
    }

    RingOwner owner() {
        return owner;
    }

    MemorySegment counts() {
        return counts;
    }

    /** How long to wait for the next {@link #look}, if nothing wakes before. */
    long pauseNs() {
        return pauseNs;
    }

    /** Looks how it is, and does what is to be done. Never throws for what a device or its bus does. */
    void look() {
        pauseNs = LOOK_NS;
        try {
            if (handle == 0) {
                begin();
            } else if (!isSettled()) {
                comeBack();
            }
            last = "";
            fleet.places().refuse(now.id(), "");
        } catch (IllegalStateException refused) {
            refuse(refused.getMessage());
        }
    }

    /** Whether nothing is to be done now: it streams, or went just now, and the system may list it a moment more. */
    private boolean isSettled() {
        long state = Struct.COUNTS.get(counts, "state");
        if (running && state != STREAMING) {
            running = false;
            fleet.places().lose(now.id());
            if (state == GONE) {
                told.warn("was unplugged at " + identity.path());
                link = "";
                tell(identity.at(""));
                pauseNs = GONE_NS;
                return true;
            } else {
                halt(-Struct.COUNTS.get(counts, "error"));
            }
        }
        return running;
    }

    /** One that halts again and again gets more and more rest. */
    private void halt(long error) {
        halts = System.nanoTime() - startedNs < QUICKLY_NS ? Math.min(halts + 1, MOST_HALTS) : 0;
        pauseNs = halts == 0 ? 0 : AGAIN_NS << halts;
        throw new IllegalStateException("its transfers failed (error " + error + "), it is opened anew; if that goes"
                + " on, plug it in without a hub, and look for what else is on that bus");
    }

    /** Where it is plugged in; a camera that is away is nowhere. */
    private void tell(DeviceIdentity now) {
        if (!now.equals(identity)) {
            identity = now;
            told.moved(now);
        }
    }

    private void begin() {
        var claim = fleet.claim(wanted, eyes.list(), true);
        try {
            now = claim.settings();
            openRing();
            handle = eyes.add(now, claim.camera().place(), owner, counts);
        } catch (IllegalStateException refused) {
            fleet.places().fail(now.id());
            throw refused;
        }
        told.fault("");
        if (!claim.lowered().isEmpty()) {
            told.warn(claim.lowered());
        }
        identity = claim.identity();
        link = claim.camera().link();
        setFirst();
        told.published(this, identity);
        start(claim);
    }

    private void openRing() {
        if (owner != null && !owner.ring().stats().formats().contains(now.ring().format())) {
            owner.close();
            owner = null;
        }
        if (owner == null) {
            owner = rings.apply(now.ring());
        }
    }

    private void setFirst() {
        var values = new LinkedHashMap<Knob, Long>();
        for (var knob : fleet.knobs()) {
            var value = now.controls().get(knob.name());
            if (value != null) {
                values.put(knob, knob.word(value));
            }
        }
        if (!values.isEmpty()) {
            eyes.set(now.id(), handle, values);
        }
    }

    private void comeBack() {
        var claim = claimAgain(eyes.list());
        try {
            link = claim.camera().link();
            tell(claim.identity());
            eyes.attach(handle, claim.camera().place());
            start(claim);
        } catch (IllegalStateException refused) {
            fleet.places().fail(now.id());
            pauseNs = AGAIN_NS;
            throw refused;
        }
    }

    /** What was told of its place does not hold any more when it went again before it was opened. */
    private Places.Claim claimAgain(List<UsbDevice> devices) {
        try {
            return fleet.claim(now, devices, false);
        } catch (IllegalStateException refused) {
            link = "";
            tell(identity.at(""));
            throw refused;
        }
    }

    private void start(Places.Claim claim) {
        eyes.start(handle, claim.camera().place());
        running = true;
        startedNs = System.nanoTime();
        told.runs("runs at " + claim.camera().place() + ": " + now.modeLabel());
    }

    private void refuse(String sentence) {
        fleet.places().refuse(now.id(), sentence);
        if (sentence.equals(last)) {
            return;
        }
        last = sentence;
        if (handle == 0) {
            told.fault(sentence);
        } else {
            told.warn("does not run: " + sentence);
        }
    }

    /**
     * Ends it, and with it its ring. Returns false when its native worker does not let go: ring and counts then stay
     * for ever.
     */
    boolean close() {
        fleet.places().leave(now.id());
        boolean ended = handle == 0 || eyes.remove(handle);
        if (ended) {
            if (owner != null) {
                owner.close();
            }
            arena.close();
        } else {
            owner.park();
        }
        return ended;
    }

    /** What the driver knows of all its cameras. */
    interface Fleet {
        Places places();

        List<Knob> knobs();

        /**
         * Takes a camera; see {@link Places#claim}.
         *
         * @param lower whether a slower mode will do, where the rig allows one
         */
        Places.Claim claim(Settings settings, List<UsbDevice> devices, boolean lower);
    }
}
