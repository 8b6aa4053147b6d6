// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;

/** An analyser under observation, in the place of the analyser itself. Confined to the thread of the bench. */
final class WatchedAnalyzer implements Analyzer {
    private static final int LOOKS = 8; // a look at all that it holds costs more than a call

    private final Analyzer analyzer;
    private final Watch watch;

    WatchedAnalyzer(Analyzer analyzer, Watch watch) {
        this.analyzer = analyzer;
        this.watch = watch;
    }

    @Override
    public void begin(Stage stage) {
        try {
            analyzer.begin(stage);
        } catch (Throwable thrown) {
            watch.failed(thrown);
            throw thrown;
        }
        if (watch.guarded) {
            Keepsakes.of(analyzer, held -> held == stage).forEach(watch::keeps);
        }
    }

    @Override
    public long tailBytes(Class<? extends Attachment> type, Stage stage) {
        return analyzer.tailBytes(type, stage);
    }

    @Override
    public void analyze(Input input, Attacher results) throws Exception {
        if (watch.guarded) {
            guarded(input, results);
        } else {
            measured(input, results);
        }
        watch.answers(input.item(0));
    }

    private void measured(Input input, Attacher results) throws Exception {
        watch.enter();
        try {
            analyzer.analyze(input, results);
        } catch (Throwable thrown) {
            watch.failed(thrown);
            throw thrown;
        } finally {
            watch.leave();
        }
    }

    private void guarded(Input input, Attacher results) throws Exception {
        var call = new GuardedCall(input, results, watch);
        watch.enter();
        try {
            analyzer.analyze(call.input(), call.results());
            call.handOver();
        } catch (Throwable thrown) {
            watch.failed(thrown);
            throw thrown;
        } finally {
            watch.leave();
            call.end();
            if (watch.calls() <= LOOKS) {
                Keepsakes.of(analyzer, call::handedOut).forEach(watch::keeps);
            }
        }
    }

    @Override
    public void close() {
        analyzer.close();
    }
}
