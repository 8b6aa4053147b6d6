// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import mimir.api.sync.SyncReport;
import mimir.api.sync.TruthReport;
import mimir.shell.command.SyncPanel.Mark;

/** Draws clocks as SVG: for each source two charts, one above the other. Confined. */
final class SyncPlot {
    private static final int WIDTH = 1000;
    private static final int PANEL = 340;
    private static final int LEFT = 80;
    private static final int RIGHT = WIDTH - 20;
    private static final int TITLE = 24;
    private static final int UPPER_TOP = 46;
    private static final int UPPER_BOTTOM = 212;
    private static final int LOWER_TOP = 234;
    private static final int LOWER_BOTTOM = 310;
    private static final String STYLE = """
            text{font:11px sans-serif;fill:#333}.t{font-size:13px;font-weight:bold}.e{text-anchor:end}
            .g{stroke:#ddd;fill:none}.b{fill:#9ec5fe;fill-opacity:.5}.o{stroke:#0b5ed7;fill:none;stroke-width:1.5}
            .u{stroke:#d63384;fill:none;stroke-width:3;stroke-linecap:round}.s{stroke:#666;stroke-dasharray:4 3}
            .r{fill:#adb5bd;fill-opacity:.6}.m{stroke:#495057;fill:none}.f{stroke:#999;fill:none}
            """;

    private final StringBuilder out = new StringBuilder();
    private double lastS;

    private SyncPlot() {
    }

    static String svg(List<SyncPanel> panels) {
        var plot = new SyncPlot();
        plot.lastS = Math.max(1, panels.stream().mapToDouble(SyncPanel::lastS).max().orElse(0));
        plot.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">%n", WIDTH,
                PANEL * panels.size(), WIDTH, PANEL * panels.size());
        plot.out.append("<style>").append(STYLE).append("</style>\n");
        plot.out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (int at = 0; at < panels.size(); at++) {
            plot.add("<g transform=\"translate(0,%d)\">%n", at * PANEL);
            plot.panel(panels.get(at));
            plot.out.append("</g>\n");
        }
        return plot.out.append("</svg>\n").toString();
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    private void panel(SyncPanel panel) {
        add("<text class=\"t\" x=\"%d\" y=\"%d\">%s</text>%n", LEFT, TITLE, escaped(title(panel)));
        add("<text class=\"e\" x=\"%d\" y=\"%d\">%s</text>%n", RIGHT, TITLE, escaped(ofTruth(panel.truth())));
        var marks = panel.marks();
        var across = new Axis(0, lastS, LEFT, RIGHT);
        upper(panel, marks, across);
        lower(marks, across);
        for (double tick : across.ticks(10)) {
            add("<text x=\"%.1f\" y=\"%d\">%s s</text>%n", across.place(tick), LOWER_BOTTOM + 14, Axis.text(tick));
        }
    }

    private static String title(SyncPanel panel) {
        var last = panel.reports().getLast();
        return String.format(Locale.ROOT, "%s: drift %.3f ppm, stated %.1f us, %s", panel.source(),
                last.driftPpm(), last.map().uncertaintyNs() / 1e3, last.map().modelId());
    }

    private static String ofTruth(TruthReport truth) {
        return truth == null ? "" : String.format(Locale.ROOT,
                "truth inside in %.1f %% of %d looks, error p95 %.1f us, constant delay %.1f us",
                truth.insideShare() * 100, truth.samples(), truth.errorP95Ns() / 1e3, truth.delayNs() / 1e3);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** Offset with the interval that is stated, and the truth over it. */
    private void upper(SyncPanel panel, List<Mark> marks, Axis across) {
        var truths = panel.truths();
        var numbers = DoubleStream.concat(marks.stream().flatMapToDouble(mark ->
                DoubleStream.of(mark.offsetUs() - mark.statedUs(), mark.offsetUs() + mark.statedUs())),
                truths.stream().mapToDouble(SyncPanel.Point::us)).toArray();
        var up = Axis.around(numbers, UPPER_BOTTOM, UPPER_TOP);
        frame(up, UPPER_TOP, UPPER_BOTTOM, "offset less its newest rate, what is stated, truth (dots): us");
        for (var segment : segments(marks)) {
            band(segment, across, up, "b", mark -> mark.offsetUs() - mark.statedUs(), mark ->
                    mark.offsetUs() + mark.statedUs());
            line(segment, across, up, "o", Mark::offsetUs);
        }
        out.append("<path class=\"u\" d=\"");
        truths.stream().filter(point -> point.us() >= up.from() && point.us() <= up.to()).forEach(point ->
                add("M%.1f %.1fh0", across.place(point.atS()), up.place(point.us())));
        out.append("\"/>\n");
        marks.stream().filter(Mark::begins).skip(1).forEach(mark -> {
            add("<line class=\"s\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"/>%n",
                    across.place(mark.atS()), UPPER_TOP, LOWER_BOTTOM);
            add("<text x=\"%.1f\" y=\"%d\">%s</text>%n", across.place(mark.atS()) + 3, UPPER_TOP + 12, mark.part());
        });
    }

    /** What the map leaves of the items: from the least to the most, and the mean. */
    private void lower(List<Mark> marks, Axis across) {
        var known = marks.stream().filter(mark -> mark.residuals().items() > 0).toList();
        if (known.isEmpty()) {
            return;
        }
        ToDoubleFunction<Mark> mean = mark -> us(mark.residuals(), 0);
        var up = Axis.around(known.stream().flatMapToDouble(mark -> DoubleStream.of(us(mark.residuals(), -1),
                us(mark.residuals(), 0), us(mark.residuals(), 1))).toArray(), LOWER_BOTTOM, LOWER_TOP);
        frame(up, LOWER_TOP, LOWER_BOTTOM, "residuals of arrivals, least to most and mean: us");
        for (var segment : segments(known)) {
            band(segment, across, up, "r", mark -> us(mark.residuals(), -1), mark -> us(mark.residuals(), 1));
            line(segment, across, up, "m", mean);
        }
    }

    private static double us(SyncReport.Residuals residuals, int which) {
        return (which < 0 ? residuals.leastNs() : which > 0 ? residuals.mostNs() : residuals.meanNs()) / 1e3;
    }

    /** One list for each segment, for lines do not go over steps. */
    private static List<List<Mark>> segments(List<Mark> marks) {
        return marks.stream().map(Mark::part).distinct().map(part ->
                marks.stream().filter(mark -> mark.part().equals(part)).toList()).toList();
    }

    private void frame(Axis up, int top, int bottom, String about) {
        for (double tick : up.ticks(4)) {
            add("<line class=\"g\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>", LEFT, RIGHT, up.place(tick));
            add("<text class=\"e\" x=\"%d\" y=\"%.1f\">%s</text>%n", LEFT - 6, up.place(tick) + 4, Axis.text(tick));
        }
        add("<rect class=\"f\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n", LEFT, top, RIGHT - LEFT,
                bottom - top);
        add("<text x=\"%d\" y=\"%d\">%s</text>%n", LEFT + 4, top - 3, escaped(about));
    }

    private void line(List<Mark> marks, Axis across, Axis up, String style, ToDoubleFunction<Mark> value) {
        add("<polyline class=\"%s\" points=\"", style);
        marks.forEach(mark -> point(across, up, mark, value));
        out.append("\"/>\n");
    }

    private void band(List<Mark> marks, Axis across, Axis up, String style, ToDoubleFunction<Mark> low,
            ToDoubleFunction<Mark> high) {
        add("<polygon class=\"%s\" points=\"", style);
        marks.forEach(mark -> point(across, up, mark, low));
        marks.reversed().forEach(mark -> point(across, up, mark, high));
        out.append("\"/>\n");
    }

    /** What is beyond the chart lies on its edge. */
    private void point(Axis across, Axis up, Mark mark, ToDoubleFunction<Mark> value) {
        add("%.1f,%.1f ", across.place(mark.atS()),
                up.place(Math.clamp(value.applyAsDouble(mark), up.from(), up.to())));
    }
}
