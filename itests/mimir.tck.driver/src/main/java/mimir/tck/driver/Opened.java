// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;
import mimir.ring.Ring;
import mimir.ring.RingStats;
import mimir.ring.Start;
import org.osgi.framework.ServiceReference;

/** Devices that run, with a follower on each of their sources. Confined. */
final class Opened implements AutoCloseable {
    private final Stand stand;
    private final List<Entry> entries;
    private final Map<String, Follower> followers = new LinkedHashMap<>();

    private Opened(Stand stand, List<Entry> entries) {
        this.stand = stand;
        this.entries = entries;
    }

    /** A ring that was there before is followed before its device comes, so that no item is missed. */
    static Opened of(Stand stand, List<Entry> entries) {
        var opened = new Opened(stand, entries);
        boolean up = false;
        try {
            for (var entry : entries) {
                stand.identities(entry).forEach(id -> opened.ring(id).ifPresent(ring -> opened.follow(id, ring,
                        Start.NOW)));
            }
            for (var id : stand.load(entries)) {
                opened.followers.computeIfAbsent(id, absent -> opened.follower(id));
            }
            up = true;
            return opened;
        } finally {
            if (!up) {
                opened.close();
            }
        }
    }

    private Optional<Ring> ring(String id) {
        return stand.platform().rings().find(id);
    }

    private void follow(String id, Ring ring, Start start) {
        followers.put(id, new Follower(ring, start));
    }

    private Follower follower(String id) {
        return new Follower(ring(id).orElseThrow(() ->
                new Shortfall("source " + id + " is published and has no ring")), Start.OLDEST);
    }

    /** Identities of the sources. */
    List<String> ids() {
        return List.copyOf(followers.keySet());
    }

    /** The only source, or the first. */
    String id() {
        return ids().getFirst();
    }

    Follower follower() {
        return followers.get(id());
    }

    List<Follower> followers() {
        return List.copyOf(followers.values());
    }

    RingStats stats() {
        return follower().ring().stats();
    }

    /** The service of the first source. */
    ServiceReference<Source> reference() {
        return stand.platform().reference(Source.class, filter()).orElseThrow(() ->
                new Shortfall("source " + id() + " is gone while its device is configured"));
    }

    /** The source itself, not to be kept. */
    Source source() {
        return stand.platform().context().getService(reference());
    }

    /** What is true of the first source. */
    TruthSource truth() {
        return truthIfAny().orElseThrow(() -> new Shortfall(
                id() + " has no TruthSource; register one with mimir.source.id, as every twin does"));
    }

    /** A real device has none. */
    Optional<TruthSource> truthIfAny() {
        return stand.platform().reference(TruthSource.class, filter()).map(stand.platform().context()::getService);
    }

    private String filter() {
        return "(" + SourceProperties.ID + "=" + id() + ")";
    }

    /** Takes the devices away; followers can still drain what was published. */
    void unload() {
        stand.unload();
    }

    /** Takes the devices away and brings them up again; followers follow. */
    void restart() {
        stand.unload();
        stand.load(entries);
    }

    @Override
    public void close() {
        stand.unload();
        followers.values().forEach(Follower::close);
    }
}
