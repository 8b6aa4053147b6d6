// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import mimir.api.report.Alarm;
import mimir.api.rig.Devices.Device;
import mimir.api.rig.Devices.State;
import mimir.ring.Abi;
import mimir.ring.DropReason;
import org.osgi.service.log.Logger;

/**
 * Raises an alarm for each source that should deliver and does not, once, and clears it when the source is back.
 * Single-writer: the watch's worker looks; {@link #alarms} is for any thread.
 */
final class DeadSources {
    private static final long SILENT_NS = 2_000_000_000L;
    private static final long STARTING_NS = 10_000_000_000L; // recordings are read before they play
    private static final int PERIODS = 20;
    private static final long NOBODY = -1; // published by nobody: whoever comes back begins anew

    private final Logger log;
    private final Map<String, Sign> signs = new HashMap<>();
    private volatile Map<String, Alarm> raised = Map.of();

    DeadSources(Logger log) {
        this.log = log;
    }

    /**
     * A source as it is now. Immutable.
     *
     * @param itemsPerS items that it should send in a second
     * @param over true when it has sent all that it ever will
     */
    record Seen(String id, String driver, double itemsPerS, boolean over, int state, long published,
            Map<DropReason, Long> drops) {
        /** One that never sent anything may still be at its start. */
        long patienceNs() {
            return Math.max(published == 0 ? STARTING_NS : SILENT_NS, Math.round(PERIODS * 1e9 / itemsPerS));
        }
    }

    /**
     * The last sign of life of a source. Immutable.
     *
     * @param patienceNs how long it may stay away
     */
    private record Sign(long atNs, long published, Map<DropReason, Long> drops, long patienceNs) {
        static Sign of(long nowNs, Seen source) {
            return new Sign(nowNs, source.published(), source.drops(), source.patienceNs());
        }

        /**
         * Of a device that is published by nobody: it is away since its last sign, or since it is looked for. It may
         * have been there between two looks, as when its driver is swapped twice: its last item tells.
         */
        static Sign away(long nowNs, Sign last, long itemNs) {
            return last == null ? new Sign(nowNs, NOBODY, Map.of(), STARTING_NS)
                    : new Sign(Math.max(last.atNs(), itemNs), NOBODY, Map.of(), last.patienceNs());
        }
    }

    /** Alarms that are up, in order of the sources. */
    List<Alarm> alarms() {
        return List.copyOf(raised.values());
    }

    /**
     * Looks at what there is.
     *
     * @param nowNs host time
     * @param devices what people want to run; empty when nobody tells
     * @param lastItemNs host time of the last item that a source ever gave, 0 when there is none
     */
    void look(long nowNs, Collection<Seen> sources, List<Device> devices, ToLongFunction<String> lastItemNs) {
        var known = new HashSet<String>();
        var now = new TreeMap<String, Alarm>();
        for (var source : sources) {
            known.add(source.id());
            silence(nowNs, source, now);
        }
        for (var device : devices) {
            if (device.state() != State.RUNNING && device.state() != State.STOPPED && known.add(device.id())) {
                absence(nowNs, device, lastItemNs.applyAsLong(device.id()), now);
            }
        }
        signs.keySet().retainAll(known);
        tell(nowNs, now, known);
        raised = now;
    }

    private void silence(long nowNs, Seen source, Map<String, Alarm> now) {
        var sign = signs.get(source.id());
        boolean quiet = source.over() || source.state() != Abi.STATE_LIVE;
        if (sign == null || quiet || sign.published() != source.published()) {
            signs.put(source.id(), Sign.of(nowNs, source));
        } else if (nowNs - sign.atNs() > sign.patienceNs()) {
            now.put(source.id(), new Alarm(source.id(), sign.atNs(), "is silent: " + why(source, sign)));
        }
    }

    /** What was lost at the source since its last item says why there is no other. */
    private static String why(Seen source, Sign sign) {
        var lost = new EnumMap<DropReason, Long>(DropReason.class);
        source.drops().forEach((reason, items) -> lost.put(reason, items - sign.drops().getOrDefault(reason, 0L)));
        var most = lost.entrySet().stream().filter(entry -> entry.getValue() > 0).max(Map.Entry.comparingByValue());
        var cause = most.map(entry -> switch (entry.getKey()) {
            case UNPLUGGED -> "its device is unplugged; plug it in again, at any port";
            case STALLED -> "its device or the bus stalls; look for what else is on that bus";
            case MISSING -> "its device skips every item; switch it off and on";
            case CORRUPT -> "all that arrives is damaged; look at the cable";
            case OVERRUN -> "its driver comes too late for every item; give the machine less to do";
            default -> "its driver gives up every item (" + entry.getKey().label() + "); the log says why";
        });
        return cause.orElse("its device sends nothing and " + source.driver() + " tells no reason; 'stop " + source.id()
                + "; start " + source.id() + "' starts it anew");
    }

    /** A fault is one at once; a driver that starts or is being swapped is away for a moment. */
    private void absence(long nowNs, Device device, long itemNs, Map<String, Alarm> now) {
        var sign = signs.compute(device.id(), (id, last) -> Sign.away(nowNs, last, itemNs));
        if (device.state() == State.FAULTY) {
            now.put(device.id(), new Alarm(device.id(), sign.atNs(), "does not run: " + device.cause()));
        } else if (nowNs - sign.atNs() > sign.patienceNs()) {
            now.put(device.id(), new Alarm(device.id(), sign.atNs(), "is gone: " + device.cause()));
        }
    }

    private void tell(long nowNs, Map<String, Alarm> now, Collection<String> known) {
        now.forEach((id, alarm) -> {
            if (!raised.containsKey(id)) {
                log.error("{} {}", id, alarm.cause());
            }
        });
        raised.forEach((id, alarm) -> {
            if (!now.containsKey(id) && known.contains(id)) {
                log.warn("{} is back after {} s", id, (nowNs - alarm.sinceNs()) / 100_000_000 / 10.0);
            }
        });
    }
}
