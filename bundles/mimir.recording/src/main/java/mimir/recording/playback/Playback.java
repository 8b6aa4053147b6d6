// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The two workers of all recorded devices. A decoder (class LOW) reads and decodes ahead, one picture of each device
 * in turn; a pacer publishes by absolute deadlines and touches neither files nor the heap. Two threads, however many
 * devices: a folder may hold dozens of files, each busy for microseconds per item, and one thread alone would let a
 * picture of 20 ms delay every audio block. Thread-safe.
 */
@Component(service = Playback.class)
public final class Playback {
    private static final long DECODER_REST_NS = 10_000_000;
    private static final long PACER_REST_NS = 100_000_000;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);
    private static final long PARK_NS = 1_000_000;
    private static final long ENDED = Long.MAX_VALUE; // turns of a worker that nobody needs to wait for

    private final Worker decoder;
    private final Worker pacer;
    private volatile Entry[] entries = {}; // replaced as a whole under this
    private volatile long decoderTurns;
    private volatile long pacerTurns;

    /** Starts the workers; they rest while there is no device. */
    @Activate
    public Playback(@Reference Workers workers) {
        decoder = workers.start("recording.decode", WorkClass.LOW, false, this::decode);
        pacer = workers.start("recording.play", WorkClass.CRITICAL, true, this::pace);
    }

    /** Stops the workers. Their devices have gone before, because they need this service. */
    @Deactivate
    public void close() {
        pacer.stop(STOP_WITHIN);
        decoder.stop(STOP_WITHIN);
    }

    /** Begins to play a device; all else happens on the workers. */
    synchronized void add(Playable device) {
        var more = new ArrayList<>(List.of(entries));
        more.add(new Entry(device, () -> awaitTurn(pacer, true)));
        entries = more.toArray(Entry[]::new);
        decoder.wake();
    }

    /**
     * Takes a device away and waits, at most four seconds, until no worker is inside of it.
     *
     * @return false when the pacer still may be: its ring must not be freed
     */
    boolean remove(Playable device) {
        Entry gone = null;
        synchronized (this) {
            var fewer = new ArrayList<Entry>();
            for (var entry : entries) {
                if (entry.device == device) {
                    gone = entry;
                } else {
                    fewer.add(entry);
                }
            }
            entries = fewer.toArray(Entry[]::new);
        }
        boolean unread = awaitTurn(decoder, false);
        boolean unwritten = awaitTurn(pacer, true);
        if (unread && gone != null && gone.player != null) {
            gone.player.close();
        }
        return unwritten;
    }

    /** A whole turn that began after the list changed cannot know the device any more; so its end is waited for. */
    private boolean awaitTurn(Worker worker, boolean pacing) {
        long before = pacing ? pacerTurns : decoderTurns;
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        while (before != ENDED && (pacing ? pacerTurns : decoderTurns) == before) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            worker.wake();
            LockSupport.parkNanos(PARK_NS);
        }
        return true;
    }

    private void decode(Worker self) {
        long turns = 0;
        try {
            while (!self.stopping()) {
                boolean busy = false;
                var now = entries;
                for (var entry : now) {
                    busy |= entry.decode();
                }
                if (GroupStart.look(now, HostClock.nowNs())) {
                    pacer.wake();
                }
                decoderTurns = ++turns;
                if (!busy) {
                    self.pause(DECODER_REST_NS);
                }
            }
        } finally {
            decoderTurns = ENDED;
        }
    }

    private void pace(Worker self) {
        long turns = 0;
        try {
            Rehearsal.run(self);
            while (!self.stopping()) {
                var now = entries;
                long next = HostClock.nowNs() + PACER_REST_NS;
                for (int i = 0; i < now.length; i++) {
                    var player = now[i].player;
                    if (player != null) {
                        next = Math.min(next, player.play(HostClock.nowNs()));
                        self.count(player.newlyPlayed());
                    }
                }
                pacerTurns = ++turns;
                long rest = next - HostClock.nowNs();
                if (rest > 0) {
                    self.pause(rest);
                }
            }
        } finally {
            pacerTurns = ENDED;
        }
    }
}
