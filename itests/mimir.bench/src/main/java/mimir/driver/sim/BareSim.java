// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.ring.Ring;
import mimir.ring.RingOwner;
import mimir.ring.Rings;

/** The simulated driver's devices as the library writes them, without the platform around. Confined. */
public final class BareSim implements AutoCloseable {
    private static final Path LIBRARY = Path.of(System.getProperty("mimir.root", "."),
            "native-fragments/mimir.driver.sim.native/target/classes/META-INF/native/linux-x86-64",
            "libmimir_driver_sim.so");
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long DEADLINE_NS = 2_000_000_000L;

    private final Arena arena = Arena.ofShared();
    private final SimNative library = new SimNative(LIBRARY, arena);
    private final MemorySegment status = arena.allocate(SimNative.STATUS_BYTES, 64);
    private final MemorySegment engine = library.open("bench-sim", status);
    private final List<Workers.Adopted> adopted = new ArrayList<>();
    private final List<RingOwner> owners = new ArrayList<>();
    private final List<SimTruth> truths = new ArrayList<>();
    private final List<Integer> devices = new ArrayList<>();
    private final Rings rings;

    /** Its devices write rings of these. */
    public BareSim(Rings rings) {
        this.rings = rings;
    }

    /** A device that does not run yet; {@code kind} and {@code scenario} as in a rig. Returns what it will write. */
    public Ring add(String id, String kind, String scenario) {
        var read = ScenarioReader.read(id, kind, scenario);
        var owner = rings.open(read.ring(id), "mimir.bench");
        var truth = new SimTruth(id);
        owners.add(owner);
        truths.add(truth);
        devices.add(library.add(engine, SimConfig.of(read, owner.formatId(), arena), owner.region(), owner.hints(),
                truth.memory(), MemorySegment.NULL));
        return owner.ring();
    }

    /** All of them run, in threads of the class that they have in the platform. */
    public void start(Workers workers) {
        devices.forEach(device -> library.start(engine, device, DEADLINE_NS));
        for (long at = SimNative.STATUS_TID; at < SimNative.STATUS_ITEMS; at += Long.BYTES) {
            long thread = (long) WORD.getAcquire(status, at);
            if (thread != 0) {
                adopted.add(workers.adopt("bench-sim", thread, WorkClass.CRITICAL, () -> 0));
            }
        }
    }

    /** Ends the threads that write; what they wrote can still be read. */
    public void stop() {
        adopted.forEach(Workers.Adopted::close);
        if (!library.stopAndClose(engine, DEADLINE_NS)) {
            throw new IllegalStateException("a thread of the simulated driver did not end");
        }
    }

    @Override
    public void close() {
        owners.forEach(RingOwner::close);
        truths.forEach(SimTruth::close);
        arena.close();
    }
}
