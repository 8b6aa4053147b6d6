// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Missing;
import mimir.api.reservoir.Reservoir;
import mimir.recording.export.FileParts.Written;

/**
 * What was asked for against what was written: all that is missing belongs to one file of its source, or to none where
 * there is no file. Immutable.
 *
 * @param fromNs canonical time, ns, inclusive: asked for
 * @param toNs canonical time, ns, exclusive
 */
record Balance(Reservoir reservoir, long fromNs, long toNs) {
    /** @param none sources of which nothing is there */
    List<Exported> of(List<Written> written, Collection<String> none) {
        var balanced = new ArrayList<Exported>();
        for (int n = 0; n < written.size(); n++) {
            var file = written.get(n);
            boolean first = n == 0 || !written.get(n - 1).source().equals(file.source());
            boolean last = n + 1 == written.size() || !written.get(n + 1).source().equals(file.source());
            var missing = reservoir.missing(file.source(), first ? fromNs : file.fromNs(),
                    last ? toNs : written.get(n + 1).fromNs());
            balanced.add(new Exported(file.source(), file.file(), file.items(), file.seconds(), file.bytes(),
                    missing.total(), missing));
        }
        for (var source : none) {
            var missing = reservoir.missing(source, fromNs, toNs);
            if (missing.total() > 0) {
                balanced.add(new Exported(source, null, 0, 0, 0, missing.total(), missing));
            }
        }
        return List.copyOf(balanced);
    }

    /** What is missing of some sources, in brackets behind a space; empty when nothing is. */
    String ofAll(Collection<String> sources) {
        var missing = Missing.NOTHING;
        for (var source : sources) {
            missing = missing.and(reservoir.missing(source, fromNs, toNs));
        }
        return missing.total() == 0 ? "" : " (" + missing.text() + ")";
    }
}
