// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.driver.sim.Scenario;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;

/**
 * A simulated device as fast as somebody asks: the items, faults and content that {@code mimir.driver.sim} would give
 * for the same scenario. Only {@code hangOnStop} means nothing here. Confined.
 */
final class ScenarioReel implements Reel {
    private final Scenario scenario;
    private final ScenarioTimes times;
    private ScenarioContent content;
    private long sequence = -1;
    private ScenarioTimes.Item item;
    private long dueNs;
    private long unpluggedUntilNs;
    private boolean restarted;

    /**
     * Of a device that has not started.
     *
     * @param originNs where common events are counted from, canonical time
     */
    ScenarioReel(Scenario scenario, long originNs) {
        this.scenario = scenario;
        this.times = new ScenarioTimes(scenario, originNs);
    }

    @Override
    public RingSpec spec(String id) {
        return scenario.ring(id);
    }

    @Override
    public void next() {
        restarted = false;
        if (item != null && item.loss() == DropReason.UNPLUGGED) {
            unpluggedUntilNs = times.unpluggedUntil(item.trueNs());
        }
        sequence++;
        plan();
        if (unpluggedUntilNs != 0 && item.trueNs() >= unpluggedUntilNs && item.loss() != DropReason.UNPLUGGED) {
            times.restart(sequence, item.trueNs());
            sequence = 0;
            unpluggedUntilNs = 0;
            restarted = true;
            plan();
        }
    }

    private void plan() {
        item = times.item(sequence);
        dueNs = Math.max(dueNs, item.arrivalNs());
    }

    @Override
    public DropReason loss() {
        return item.loss();
    }

    @Override
    public long dueNs() {
        return dueNs;
    }

    @Override
    public boolean restarts() {
        return restarted;
    }

    @Override
    public void write(RingWriter writer, long at, int formatId) {
        var format = scenario.mode().format();
        var descriptor = writer.descriptor();
        var payload = writer.memory().asSlice(at, format.payloadBytes());
        if (content == null) {
            content = new ScenarioContent(format, scenario.mode().audio(), descriptor.sourceId());
        }
        descriptor.sequence(sequence).shape(formatId, format.width(), format.height(), format.payloadBytes());
        if (scenario.mode().audio()) {
            descriptor.deviceTime(Descriptor.CLOCK_COUNTER, times.deviceTime(sequence, item.trueNs()));
            content.block(payload, sequence * format.height(), times.click(sequence));
            return;
        }
        if (format.deviceTickHz() != 0) {
            descriptor.deviceTime(Descriptor.CLOCK_TICKS, times.deviceTime(sequence, item.trueNs()));
        } else {
            descriptor.addFlags(Descriptor.NO_TIME_INFO);
        }
        content.picture(payload, descriptor.epoch(), sequence, times.flashes(sequence));
    }
}
