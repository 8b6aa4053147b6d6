// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import mimir.api.work.Worker;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.HostClock;
import mimir.ring.RingOwner;
import mimir.ring.RingWriter;

/** The device itself: takes an item each period and publishes it, with whatever fault is planted. Confined. */
final class PlantedThread {
    private static final long ARRIVAL_NS = 200_000;
    private static final long READERS_NS = 300_000_000;
    private static final long HANG_NS = 700_000_000;

    private final PlantedConfig config;
    private final RingOwner owner;
    private final PlantedTruth truth;
    private final AtomicBoolean disturbed;
    private final byte[] picture;
    private final MemorySegment pixels;
    private final CRC32C crc = new CRC32C();
    private RingWriter writer;
    private long startNs;
    private long sequence;
    private int epoch;
    private boolean away;

    /** {@code disturbed} is what the planted plan and this thread share, and should not. */
    PlantedThread(PlantedConfig config, RingOwner owner, PlantedTruth truth, AtomicBoolean disturbed) {
        this.config = config;
        this.owner = owner;
        this.truth = truth;
        this.disturbed = disturbed;
        picture = new byte[(int) config.format().payloadBytes()];
        pixels = MemorySegment.ofArray(picture);
    }

    void run(Worker self) {
        writer = owner.writer();
        epoch = owner.epoch();
        if (config.fault() == PlantedFault.EPOCHS) {
            epoch = writer.nextEpoch();
        }
        long firstNs = HostClock.nowNs() + config.periodNs();
        begin(firstNs);
        while (!self.stopping()) {
            long takenNs = startNs + sequence * config.periodNs();
            sleep(self, takenNs + ARRIVAL_NS - HostClock.nowNs());
            if (self.stopping()) {
                break;
            }
            item(firstNs, takenNs);
        }
        if (config.hangs()) {
            hang(config.fault() == PlantedFault.HANG ? 2 * HANG_NS : HANG_NS);
        }
    }

    /** As a thread does whose device never answers, though not for ever. */
    private static void hang(long ns) {
        long end = HostClock.nowNs() + ns;
        while (HostClock.nowNs() < end) {
            Thread.onSpinWait();
        }
    }

    private static void sleep(Worker self, long ns) {
        if (ns > 0) {
            self.pause(ns);
        }
    }

    private void begin(long atNs) {
        startNs = atNs;
        sequence = 0;
        truth.begin(epoch, atNs);
    }

    private void item(long firstNs, long takenNs) {
        long sinceMs = (takenNs - firstNs) / 1_000_000;
        if (HostClock.nowNs() < takenNs) {
            return; // a pause may end early
        }
        if (unplugged(sinceMs)) {
            away = true;
            sequence++;
            writer.drop(DropReason.UNPLUGGED, 1);
            return;
        }
        if (away) {
            away = false;
            if (config.fault() != PlantedFault.UNPLUG) {
                epoch = writer.nextEpoch();
                begin(takenNs);
            }
        }
        if (config.loseEvery() > 0 && sequence % config.loseEvery() == config.loseEvery() - 1) {
            if (config.fault() != PlantedFault.CONSERVATION) {
                writer.drop(DropReason.MISSING, 1);
            }
        } else {
            publish(takenNs, sinceMs);
        }
        sequence++;
    }

    private boolean unplugged(long sinceMs) {
        return config.unplugAtMs() > 0 && sinceMs >= config.unplugAtMs()
                && sinceMs < config.unplugAtMs() + config.unplugForMs();
    }

    private void publish(long takenNs, long sinceMs) {
        if (config.fault() == PlantedFault.READERS) {
            await(HostClock.nowNs() + READERS_NS);
        }
        picture[(int) (sequence % picture.length)]++;
        crc.reset();
        crc.update(picture);
        if (config.fault() == PlantedFault.CONTROL && disturbed.getAndSet(false)) {
            picture[0]++;
        }
        writer.claim();
        writer.copyIn(pixels, 0, 0, picture.length);
        int height = config.fault() == PlantedFault.MODES ? config.height() / 2 : config.height();
        writer.descriptor().sequence(sequence)
                .hostTimeNs(config.fault() == PlantedFault.TRUTH ? takenNs - ARRIVAL_NS : HostClock.nowNs())
                .deviceTime(Descriptor.CLOCK_TICKS, deviceTime(takenNs, sinceMs))
                .shape(owner.formatId(), config.width(), height, picture.length).crc32c((int) crc.getValue());
        writer.commit();
    }

    /** Until nobody is far behind. */
    private void await(long endNs) {
        int most = owner.ring().stats().slotCount() / 2;
        while (owner.ring().stats().readers().stream().anyMatch(reader -> reader.pending() > most)
                && HostClock.nowNs() < endNs) {
            Thread.onSpinWait();
        }
    }

    private long deviceTime(long takenNs, long sinceMs) {
        boolean stepped = config.stepAtMs() > 0 && sinceMs >= config.stepAtMs()
                && config.fault() != PlantedFault.CLOCK;
        long ticks = (takenNs - startNs) / (1_000_000_000L / PlantedConfig.TICK_HZ);
        long raw = config.fault() == PlantedFault.TIMES ? ticks * 2 : ticks;
        return stepped ? raw + config.stepByMs() * PlantedConfig.TICK_HZ / 1000 : raw;
    }
}
