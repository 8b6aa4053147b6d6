// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.work.Task;
import mimir.api.work.Worker;
import mimir.ring.RingException;
import org.osgi.service.log.Logger;

/**
 * Makes the reservoir's memory present ahead of its ingest. Where the host of a virtual machine has to find each page
 * first, that takes up to 10 s of a core per GiB. So it hurries while the rig warms up, and the reservoir then keeps to
 * what has come: a memory that goes on growing would be in no steady state for minutes. Only who asked for an amount
 * gets all of it, the rest slowly, while the log goes round in what is there. One thread.
 */
final class PageMaker implements Task {
    /** Less than a rig warms up. */
    static final long HURRY_NS = 8_000_000_000L;

    private static final long HUGE_PAGE = 2L << 20; // a fault for each, which takes 0.1 to 20 ms
    private static final long STRETCH_NS = 3_000_000; // without a pause: and a page: so long others wait
    private static final int PAUSED_PART = 16; // of the stretch: a single processor has others to serve
    private static final int REST = 15; // times the stretch, after the hurry: a sixteenth of a core

    private final ReservoirLog memory;
    private final boolean whole;
    private final long hurryNs;
    private final Logger log;

    /** @param whole go on after the hurry until all is there */
    PageMaker(ReservoirLog memory, boolean whole, long hurryNs, Logger log) {
        this.memory = memory;
        this.whole = whole;
        this.hurryNs = hurryNs;
        this.log = log;
    }

    @Override
    public void run(Worker self) {
        try {
            if (make(self) && !self.stopping()) {
                log.info("the reservoir keeps to the {} MiB that this machine made while the rig warmed up; a rig"
                        + " that names reservoir.bytes gets all of these, however long it takes",
                        memory.capacityBytes() >> 20);
            }
        } catch (RingException noMemory) {
            log.warn("the reservoir goes on with the memory that it got so far: {}", noMemory.getMessage());
        } finally {
            memory.endPages();
        }
    }

    /** Returns whether there could be more. */
    private boolean make(Worker self) {
        boolean more = true;
        boolean hurry = true;
        long begin = System.nanoTime();
        long began = begin;
        while (more && !self.stopping() && (whole || hurry || !memory.hasEnough())) {
            more = memory.populate(HUGE_PAGE);
            self.count(1);
            long now = System.nanoTime();
            hurry = now - begin < hurryNs;
            if (now - began >= STRETCH_NS) {
                self.pause(hurry || !memory.hasEnough() ? (now - began) / PAUSED_PART : (now - began) * REST);
                began = System.nanoTime();
            }
        }
        return more;
    }
}
