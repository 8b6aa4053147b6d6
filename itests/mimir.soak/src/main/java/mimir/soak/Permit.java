// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mimir.api.swap.TrustList;
import mimir.api.swap.Trusted;

/** Lets the files of a proof in for as long as it lasts; what was trusted before stays so. Confined to one thread. */
final class Permit implements AutoCloseable {
    private final TrustList list;
    private final List<Trusted> added = new ArrayList<>();

    Permit(TrustList list, List<Path> files) {
        this.list = list;
        var before = list.trusted();
        for (var file : files) {
            var trusted = list.trust(file.toString());
            if (!before.contains(trusted) && !added.contains(trusted)) {
                added.add(trusted);
            }
        }
    }

    @Override
    public void close() {
        added.forEach(one -> list.forget(one.sha256()));
    }
}
