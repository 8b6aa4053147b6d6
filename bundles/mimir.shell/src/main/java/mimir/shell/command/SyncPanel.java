// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import mimir.api.sync.SyncReport;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReport.Look;

/**
 * What the plot shows of one source, as numbers: seconds since the first report, and us. Within a segment offsets are
 * shown less the line of its newest report, or drift would hide everything else. Immutable.
 *
 * @param reports oldest first, at least one
 * @param truth null where nobody tells it
 * @param looks at the truth, oldest first
 */
record SyncPanel(String source, List<SyncReport> reports, TruthReport truth, List<Look> looks) {
    /** Copies. */
    SyncPanel {
        reports = List.copyOf(reports);
        looks = List.copyOf(looks);
    }

    /** A point of a curve. */
    record Point(double atS, double us) {
    }

    /** A report as it is drawn. */
    record Mark(double atS, double offsetUs, double statedUs, SyncReport.Residuals residuals, boolean begins,
            String part) {
    }

    private static String part(int epoch, int segment) {
        return "epoch " + epoch + ", segment " + segment;
    }

    private static String part(SyncReport report) {
        return part(report.map().epoch(), report.map().segment());
    }

    /** The newest report of each segment, whose line is taken off. */
    private Map<String, SyncReport> lines() {
        var lines = new HashMap<String, SyncReport>();
        reports.forEach(report -> lines.put(part(report), report));
        return lines;
    }

    private double seconds(long ns) {
        return (ns - reports.getFirst().atNs()) / 1e9;
    }

    double lastS() {
        return seconds(reports.getLast().atNs());
    }

    /** Offset at an instant by one report less that by another, us. */
    private static double apart(SyncReport report, SyncReport line, long atNs) {
        double own = report.driftPpm() * 1e-9 * (atNs - report.atNs());
        double other = line.driftPpm() * 1e-9 * (atNs - line.atNs());
        return (report.offsetNs() - line.offsetNs()) / 1e3 + own - other;
    }

    List<Mark> marks() {
        var lines = lines();
        var marks = new ArrayList<Mark>();
        var before = "";
        for (var report : reports) {
            var part = part(report);
            marks.add(new Mark(seconds(report.atNs()), apart(report, lines.get(part), report.atNs()),
                    report.map().uncertaintyNs() / 1e3, report.residuals(), !part.equals(before), part));
            before = part;
        }
        return marks;
    }

    /** Where the truth lies in the same picture: the map at that instant less its error. */
    List<Point> truths() {
        var lines = lines();
        var byPart = new HashMap<String, NavigableMap<Long, SyncReport>>();
        reports.forEach(report ->
                byPart.computeIfAbsent(part(report), part -> new TreeMap<>()).put(report.atNs(), report));
        var points = new ArrayList<Point>();
        for (var look : looks) {
            var part = part(look.epoch(), look.segment());
            var known = byPart.getOrDefault(part, new TreeMap<>()).floorEntry(look.atNs());
            if (known != null) {
                points.add(new Point(seconds(look.atNs()),
                        apart(known.getValue(), lines.get(part), look.atNs()) - look.errorNs() / 1e3));
            }
        }
        return points;
    }
}
