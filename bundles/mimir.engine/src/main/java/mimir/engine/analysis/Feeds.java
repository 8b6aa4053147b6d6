// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.HashMap;
import java.util.Map;
import mimir.api.work.Workers;

/** The feeds of all sources that have stages. Confined to the lock of the host. */
final class Feeds {
    private final Workers workers;
    private final Map<String, Feed> feeds = new HashMap<>();

    Feeds(Workers workers) {
        this.workers = workers;
    }

    void add(KnownSource source, StageLoop stage) {
        feeds.computeIfAbsent(source.id(), id -> new Feed(source, workers)).add(stage);
    }

    void remove(String source, StageLoop stage) {
        var feed = feeds.get(source);
        if (feed != null && !feed.remove(stage)) {
            feeds.remove(source);
            feed.close();
        }
    }

    Feed feed(String source) {
        return feeds.get(source);
    }

    void close() {
        feeds.values().forEach(Feed::close);
        feeds.clear();
    }
}
