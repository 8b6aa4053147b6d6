// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import mimir.api.BadInputException;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.api.media.Attached;
import mimir.ring.Ring;
import mimir.ring.Rings;

/** Where all results lie, and who wants to read them. Thread-safe. */
public final class Results implements Attachments {
    private final Rings rings;
    private final Map<String, ResultHome> homes = new ConcurrentSkipListMap<>();
    private final KeptResults kept;
    private volatile int changes; // written under the lock of this

    /** Over the rings of this process. */
    public Results(Rings rings) {
        this.rings = rings;
        this.kept = new KeptResults(rings);
    }

    @Override
    public <T extends Attachment> AttachmentReader<T> reader(String source, Class<T> type) {
        requireSource(source);
        return open(source, type, Map.of());
    }

    /**
     * Reads a type.
     *
     * @param given by type, the only place to read it from; types that are not in it are read from where is best
     */
    <T extends Attachment> ResultReader<T> open(String source, Class<T> type, Map<String, String> given) {
        return open(source, AttachmentLayout.of(type), AttachmentLayout.flyweight(type), given);
    }

    /** The same into a view that is there. */
    <T extends Attachment> ResultReader<T> open(String source, AttachmentLayout layout, T view,
            Map<String, String> given) {
        return new ResultReader<>(this, source, layout, view, given.get(layout.id()));
    }

    @Override
    public AttachmentReader<Attachment> reader(String source, AttachmentLayout layout) {
        requireSource(source);
        return open(source, layout, AttachmentLayout.plain(layout), Map.of());
    }

    @Override
    public Attached of(String source) {
        requireSource(source);
        return new AttachedResults(this, source, Map.of());
    }

    private void requireSource(String source) {
        if (rings.find(source).isEmpty()) {
            throw new BadInputException("there never was a source '" + source + "'; mimir:sources lists those that "
                    + "there are");
        }
    }

    @Override
    public List<AttachmentLayout> types(String source) {
        return homes.values().stream().filter(home -> home.source.equals(source) && home.ring() != null)
                .map(home -> home.layout).distinct()
                .sorted(Comparator.comparing(AttachmentLayout::name).thenComparing(AttachmentLayout::version)).toList();
    }

    /**
     * The home of a type on a source, made when there is none.
     *
     * @throws BadInputException when the same version lay differently before
     */
    ResultHome home(String source, AttachmentLayout layout, String suffix) {
        var home = homes.computeIfAbsent(ResultHome.identity(source, layout.id(), suffix),
                identity -> new ResultHome(source, layout, suffix));
        if (!home.layout.equals(layout)) {
            throw new BadInputException("type " + layout.id() + " lay differently when it was attached to " + source
                    + " before; raise its version");
        }
        return home;
    }

    /** A stage writes there from now on; {@link #changed} is to be called. Control thread, as the next three. */
    void opened(ResultHome home, Ring ring, Progress by) {
        kept.begun(home);
        home.opened(ring, by);
    }

    /** A stage has ended, and the ring with it: it stays readable, of many the youngest. */
    void ended(ResultHome home, Ring ring) {
        kept.ended(home, ring);
        trim();
    }

    /** Frees what has become too much, as readers let go of it. */
    void trim() {
        forget(kept.trim());
    }

    /** Nothing will be attached any more: who comes next knows nothing of what lies beside the usual places. */
    void clear() {
        forget(kept.clear());
    }

    private void forget(List<ResultHome> freed) {
        if (!freed.isEmpty()) {
            freed.forEach(home -> homes.remove(home.identity, home));
            changed();
        }
    }

    /**
     * Where to read a type: the place given, or where is best. Null when there is nothing.
     *
     * @param given or null
     */
    ResultHome find(String source, AttachmentLayout layout, String given) {
        if (given == null) {
            return find(source, layout);
        }
        var home = homes.get(given);
        return home == null || home.ring() == null ? null : home;
    }

    /**
     * Where to read a type: what is written now comes before what is not, what was made with the declared parameters
     * before all others, and what was written last before what was earlier. Null when there is nothing.
     */
    private ResultHome find(String source, AttachmentLayout layout) {
        var usual = ResultHome.identity(source, layout.id(), "");
        var best = homes.values().stream()
                .filter(home -> home.source.equals(source) && home.layout.id().equals(layout.id())
                        && home.ring() != null)
                .min(Comparator.comparing((ResultHome home) -> !home.written())
                        .thenComparing(home -> !home.identity.equals(usual))
                        .thenComparing(home -> home.written() ? 0 : -home.endedNs())
                        .thenComparing(home -> home.identity));
        return best.orElseGet(() -> left(usual, source, layout));
    }

    /** A former life of the engine may have left results. */
    private ResultHome left(String identity, String source, AttachmentLayout layout) {
        return rings.find(identity).map(ring -> {
            var home = home(source, layout, "");
            home.opened(ring, null);
            return home;
        }).orElse(null);
    }

    /** Changes whenever a ring of results was opened or ended. */
    int changes() {
        return changes;
    }

    synchronized void changed() {
        changes++;
        notifyAll();
    }

    /** Waits for a change. False when the time passed. Blocks. */
    synchronized boolean awaitChange(int since, long timeoutNs) {
        long deadline = System.nanoTime() + timeoutNs;
        while (changes == since) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000); // rounds down to whole milliseconds
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
