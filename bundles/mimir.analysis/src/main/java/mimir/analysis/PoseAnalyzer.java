// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.analysis.types.Flow;
import mimir.api.analysis.types.Pose;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Place, direction and turn of what moves, from the flow of its corners: the rotation that least squares give between
 * two sets of points in a plane, and the axes of their second moments. One thing moves, or the residual tells that it
 * is not one. {@code least}: way in px/frame from which on a point moves. Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "pose", outputs = Pose.class, needs = Flow.class, budgetMicros = 30_000, profile = Profile.EVERY,
        parameters = "least=0.5")
public final class PoseAnalyzer implements Analyzer {
    private static final int FEWEST = 2; // one point has no direction

    private final int[] moving = new int[Flow.MOST];
    private int points;
    private double least;
    private double share; // of one point, or not a number
    private double x; // of their middle in this frame, px
    private double y;
    private double dx; // px/frame
    private double dy;

    @Override
    public void begin(Stage stage) {
        least = stage.number("least");
    }

    @Override
    public void analyze(Input input, Attacher results) {
        var flow = input.attachment(Flow.class);
        find(flow);
        var pose = results.attach(Pose.class);
        pose.points(points);
        place(pose);
        turn(flow, pose);
        spread(flow, pose);
    }

    /** Which points move, and the middle of these: not a number when there are too few, nor what follows from it. */
    private void find(Flow flow) {
        points = 0;
        x = 0;
        y = 0;
        dx = 0;
        dy = 0;
        int count = Math.min(flow.count(), Flow.MOST);
        for (int i = 0; i < count; i++) {
            if (flow.dx(i) * flow.dx(i) + flow.dy(i) * flow.dy(i) >= least * least) {
                moving[points++] = i;
                x += flow.x(i);
                y += flow.y(i);
                dx += flow.dx(i);
                dy += flow.dy(i);
            }
        }
        share = points < FEWEST ? Double.NaN : 1.0 / points;
        x *= share;
        y *= share;
        dx *= share;
        dy *= share;
    }

    private void place(Pose pose) {
        pose.x((float) x);
        pose.y((float) y);
        pose.dx((float) dx);
        pose.dy((float) dy);
    }

    /** Of q = R p + r for all points about their middles: the angle of R, and the length of r. */
    private void turn(Flow flow, Pose pose) {
        double apart = Math.max(1, flow.framesApart());
        double along = 0 * share;
        double across = 0;
        double squares = 0;
        for (int n = 0; n < points; n++) {
            int i = moving[n];
            double qx = flow.x(i) - x;
            double qy = flow.y(i) - y;
            double px = qx - (flow.dx(i) - dx) * apart;
            double py = qy - (flow.dy(i) - dy) * apart;
            along += px * qx + py * qy;
            across += px * qy - py * qx;
            squares += px * px + py * py + qx * qx + qy * qy;
        }
        double left = squares - 2 * Math.hypot(along, across); // of the squares, when p is turned in the best way
        pose.turn((float) (Math.atan2(across, along) / apart));
        pose.residual((float) Math.sqrt(Math.max(0, left) * share));
    }

    private void spread(Flow flow, Pose pose) {
        double xx = 0 * share;
        double xy = 0;
        double yy = 0;
        for (int n = 0; n < points; n++) {
            double qx = flow.x(moving[n]) - x;
            double qy = flow.y(moving[n]) - y;
            xx += qx * qx;
            xy += qx * qy;
            yy += qy * qy;
        }
        double mean = (xx + yy) / 2 * share;
        double apart = Math.hypot((xx - yy) / 2, xy) * share;
        pose.axis((float) (Math.atan2(2 * xy, xx - yy) / 2));
        pose.length((float) Math.sqrt(mean + apart));
        pose.breadth((float) Math.sqrt(Math.max(0, mean - apart)));
    }
}
