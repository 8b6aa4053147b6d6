// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReport.Look;
import mimir.watch.Looks.Raw;
import org.osgi.service.log.Logger;

/**
 * What the looks say: the constant delay of each kind of device, errors without it, and an alarm when the intervals
 * that are stated do not hold. Thread-safe; control threads.
 */
final class Truths {
    private static final int RECENT = 50;        // looks in ten seconds
    private static final int ALARM_ABOVE = 25;   // of these, beyond twice what was stated
    private static final int CLEAR_BELOW = 5;

    private final Map<String, Looks> looks;
    private final Function<String, Object> kind;
    private final Logger log;
    private final Map<String, String> alarms = new TreeMap<>();   // guarded by this
    private Map<String, TruthReport> reports = Map.of();          // guarded by this
    private long judged;                                          // guarded by this

    /** @param kind by identity: devices of one kind have the same constant delay */
    Truths(Map<String, Looks> looks, Function<String, Object> kind, Logger log) {
        this.looks = looks;
        this.kind = kind;
        this.log = log;
    }

    /** The reports, by source; made anew when there are new looks. Allocates. */
    synchronized Map<String, TruthReport> judge() {
        long taken = looks.values().stream().mapToLong(Looks::taken).sum();
        if (taken != judged) {
            judged = taken;
            reports = reports();
        }
        return reports;
    }

    private Map<String, TruthReport> reports() {
        var seen = new TreeMap<String, List<Raw>>();
        looks.forEach((id, of) -> seen.put(id, of.all()));
        seen.values().removeIf(List::isEmpty);
        var now = new TreeMap<String, TruthReport>();
        for (var alike : seen.keySet().stream().collect(Collectors.groupingBy(kind)).values()) {
            long delayNs = delayNs(alike.stream().map(seen::get).toList());
            alike.forEach(id -> now.put(id, report(id, seen.get(id), delayNs)));
        }
        return now;
    }

    /**
     * The middle of the errors of all devices of a kind, by that half of the looks that was stated to be the more sure:
     * who states a wide interval does not know the delay either. Not each device's own, or what a grid hides from one
     * would count as delay.
     */
    static long delayNs(List<List<Raw>> devices) {
        var sure = devices.stream().flatMap(List::stream).sorted(Comparator.comparingLong(Raw::statedNs)).toList();
        var errors = sure.subList(0, (sure.size() + 1) / 2).stream().mapToLong(Raw::errorNs).sorted().toArray();
        return errors[errors.length / 2];
    }

    private TruthReport report(String id, List<Raw> all, long delayNs) {
        long inside = all.stream().filter(look -> Math.abs(look.errorNs() - delayNs) <= look.statedNs()).count();
        var sizes = all.stream().mapToLong(look -> Math.abs(look.errorNs() - delayNs)).sorted().toArray();
        var stated = all.stream().mapToLong(Raw::statedNs).sorted().toArray();
        var newest = all.getLast();
        return new TruthReport(id, delayNs, all.size(), (double) inside / all.size(), newest.errorNs() - delayNs,
                sizes[(int) (0.95 * (sizes.length - 1))], newest.statedNs(), stated[stated.length / 2],
                alarm(id, all, delayNs));
    }

    /** Wrong by more than twice what was stated, for half of ten seconds: errors last, so one alone says little. */
    private String alarm(String id, List<Raw> all, long delayNs) {
        var recent = all.subList(Math.max(0, all.size() - RECENT), all.size());
        long wrong = recent.stream().filter(look -> Math.abs(look.errorNs() - delayNs) > 2 * look.statedNs()).count();
        boolean up = alarms.containsKey(id);
        if (!up && wrong > ALARM_ABOVE) {
            var newest = recent.getLast();
            alarms.put(id, "has a wrong clock map: off by " + (newest.errorNs() - delayNs) / 1000
                    + " us where it states " + newest.statedNs() / 1000 + " us; restart " + id + " begins it anew");
            log.error("{} {}", id, alarms.get(id));
        } else if (up && wrong < CLEAR_BELOW) {
            alarms.remove(id);
            log.warn("{} has a right clock map again", id);
        }
        return alarms.get(id);
    }

    /** Alarms that are up, one sentence each. */
    synchronized List<String> alarms() {
        return alarms.entrySet().stream().map(alarm -> alarm.getKey() + " " + alarm.getValue()).toList();
    }

    /** The looks at a source, less the constant delay. Allocates. */
    List<Look> of(String id) {
        var report = judge().get(id);
        return report == null ? List.of() : looks.get(id).all().stream().map(look -> new Look(look.atNs(),
                look.epoch(), look.segment(), look.errorNs() - report.delayNs(), look.statedNs())).toList();
    }
}
