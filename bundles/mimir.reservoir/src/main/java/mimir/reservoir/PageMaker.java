// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import mimir.api.work.Task;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.RingException;
import org.osgi.service.log.Logger;

/**
 * Makes the reservoir's memory present ahead of its ingest, and that of rings which are part of it. Where the host of a
 * virtual machine has to find each page first, that takes up to 10 s of a core per GiB. So it hurries while the rig
 * warms up, and the reservoir then keeps to what has come: a memory that goes on growing would be in no steady state
 * for minutes. Only who asked for an amount gets all of it, the rest slowly, while the log goes round in what is there.
 * One thread at a time.
 */
final class PageMaker implements Task {
    /** Less than a rig warms up. */
    static final long HURRY_NS = 8_000_000_000L;

    private static final long HUGE_PAGE = 2L << 20; // a fault for each, which takes 0.1 to 20 ms
    private static final long STRETCH_NS = 3_000_000; // without a pause: and a page: so long others wait
    private static final int PAUSED_PART = 16; // of the stretch: a single processor has others to serve
    private static final int REST = 15; // times the stretch, after the hurry: a sixteenth of a core

    private final ReservoirLog memory;
    private final RingPages rings;
    private final boolean whole;
    private final long hurryNs;
    private final Logger log;
    private boolean logWants = true;
    private Worker worker; // the last one; guarded by this
    private boolean ended; // guarded by this

    /**
     * @param rings are served in turns with the log, in a hurry for as long as that takes: their writers come
     * @param whole go on after the hurry until all is there
     */
    PageMaker(ReservoirLog memory, RingPages rings, boolean whole, long hurryNs, Logger log) {
        this.memory = memory;
        this.rings = rings;
        this.whole = whole;
        this.hurryNs = hurryNs;
        this.log = log;
    }

    /** On a worker of the class of who waits for it. Nothing after the end: a source may be bound at that moment. */
    synchronized void begin(Workers workers) {
        if (!ended) {
            worker = workers.start("reservoir-pages", WorkClass.CRITICAL, false, this);
        }
    }

    /** For good; false when its worker goes on for longer than that. */
    boolean end(Duration atMost) {
        Worker last;
        synchronized (this) {
            ended = true;
            last = worker;
        }
        return last.stop(atMost);
    }

    /** Also once more, for rings that came later. */
    @Override
    public void run(Worker self) {
        long begin = System.nanoTime();
        long began = begin;
        boolean over = false;
        while (!self.stopping() && !over) {
            boolean hurry = System.nanoTime() - begin < hurryNs;
            boolean ringsLack = rings.step(HUGE_PAGE);
            over = !makeOfLog(hurry) && !ringsLack && rings.ends();
            self.count(1);
            long now = System.nanoTime();
            if (now - began >= STRETCH_NS) {
                boolean soon = hurry || ringsLack || !memory.hasEnough();
                self.pause(soon ? (now - began) / PAUSED_PART : (now - began) * REST);
                began = System.nanoTime();
            }
        }
        memory.endPages();
    }

    /** Makes the next pages of the log. False when it wants no more. */
    private boolean makeOfLog(boolean hurry) {
        if (logWants && !whole && !hurry && memory.hasEnough()) {
            logWants = false;
            log.info("the reservoir keeps to the {} MiB that this machine made while the rig warmed up; a rig that"
                    + " names reservoir.bytes gets all of these, however long it takes", memory.capacityBytes() >> 20);
        }
        try {
            logWants = logWants && memory.populate(HUGE_PAGE);
        } catch (RingException noMemory) {
            logWants = false;
            log.warn("the reservoir goes on with the memory that it got so far: {}", noMemory.getMessage());
        }
        if (!logWants) {
            memory.endPages();
        }
        return logWants;
    }
}
