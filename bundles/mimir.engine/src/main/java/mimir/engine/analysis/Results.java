// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mimir.api.BadInputException;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.api.media.Attached;
import mimir.api.reservoir.RetainedItems.Found;
import mimir.api.reservoir.Retention;
import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Rings;
import mimir.ring.Start;

/** Where all results lie, and who wants to read them. Thread-safe. */
public final class Results implements Attachments {
    private static final int LOOKS_AT_END = 20;
    private static final long LOOK_NS = 10_000_000;

    private final Rings rings;
    private final Map<String, ResultHome> homes = new ConcurrentSkipListMap<>();
    private final KeptResults kept;
    private final Set<ResultHome> freed = ConcurrentHashMap.newKeySet(); // their results are in the reservoir alone
    private volatile Retention retention; // null where there is no reservoir
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
        return homes.values().stream().filter(home -> home.source.equals(source) && isReadable(home))
                .map(home -> home.layout).distinct()
                .sorted(Comparator.comparing(AttachmentLayout::name).thenComparing(AttachmentLayout::version)).toList();
    }

    /**
     * The home of a type on a source, made when there is none.
     *
     * @throws BadInputException when the same version lay differently before
     */
    ResultHome home(String source, AttachmentLayout layout, String suffix) {
        for (var other : of(source, layout.id())) {
            if (!other.layout.equals(layout) && (other.written() || isReadable(other))) {
                throw new BadInputException("type " + layout.id() + " lay differently when it was attached to " + source
                        + " before; raise its version");
            }
            if (!other.layout.equals(layout)) {
                homes.remove(other.identity, other); // nothing was ever attached there
            }
        }
        return homes.computeIfAbsent(ResultHome.identity(source, layout.id(), suffix),
                identity -> new ResultHome(source, layout, suffix));
    }

    private List<ResultHome> of(String source, String typeId) {
        return homes.values().stream().filter(home -> home.source.equals(source) && home.layout.id().equals(typeId))
                .toList();
    }

    /** A stage writes there from now on; {@link #changed} is to be called. Control thread, as the next three. */
    void opened(ResultHome home, Ring ring, Progress by) {
        kept.begun(home);
        freed.remove(home);
        keep(ring); // before anything is written there
        home.opened(ring, by);
        keep(ring); // a reservoir that came meanwhile has not seen it
    }

    /** What was attached last, in a ring or, when that is empty, in the reservoir; null for nothing. Allocates. */
    Descriptor newest(Ring ring) {
        try (var reader = ring.reader("results", Profile.EVERY, Start.NOW);
                var newest = reader.peek(reader.end() - 1)) {
            if (newest != null) {
                return new Descriptor().load(newest.descriptor());
            }
        }
        var memory = retention;
        var older = memory == null ? null : memory.open(ring.identity());
        return older != null && older.seek(item -> 0) == Found.THERE ? older.descriptor() : null;
    }

    private void keep(Ring ring) {
        var memory = retention;
        if (memory != null) {
            memory.keep(ring);
        }
    }

    /** A reservoir is there, which keeps what results there are and come, or it is gone: null. Any thread. */
    void retention(Retention now) {
        retention = now;
        kept.retention(now);
        if (now != null) {
            homes.values().stream().map(ResultHome::ring).filter(Objects::nonNull).forEach(now::keep);
        }
        changed();
    }

    Retention retention() {
        return retention;
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
        for (int i = 0; i < LOOKS_AT_END && retention != null && !kept.isEmpty(); i++) {
            LockSupport.parkNanos(LOOK_NS); // the reservoir lets go of them at its next pass
            forget(kept.clear());
        }
    }

    private void forget(List<ResultHome> more) {
        freed.addAll(more);
        var memory = retention;
        boolean less = freed.removeIf(home -> (memory == null || memory.open(home.identity) == null)
                && homes.remove(home.identity, home));
        if (less || !more.isEmpty()) {
            changed();
        }
    }

    /**
     * Where to read a type: the place given, or where is best. Null when there is nothing.
     *
     * @param given or null
     * @throws BadInputException when what lies there is laid out otherwise: its numbers would be read as others
     */
    ResultHome find(String source, AttachmentLayout layout, String given) {
        var home = given == null ? find(source, layout) : homes.get(given);
        if (home == null || !isReadable(home)) {
            return null;
        }
        if (!home.layout.equals(layout)) {
            throw foreign(home.identity, layout.id());
        }
        return home;
    }

    private static BadInputException foreign(String identity, String typeId) {
        return new BadInputException("the results " + identity + " are laid out otherwise than the type " + typeId
                + " that they are asked for by; build both sides with the same interface, or raise the version of one");
    }

    private boolean isReadable(ResultHome home) {
        return home.ring() != null || freed.contains(home);
    }

    /**
     * Where to read a type: what is written now comes before what is not, what has a ring before what has none, what
     * was made with the declared parameters before all others, and what was written last before what was earlier. Null
     * when there is nothing.
     */
    private ResultHome find(String source, AttachmentLayout layout) {
        var usual = ResultHome.identity(source, layout.id(), "");
        var best = of(source, layout.id()).stream().filter(this::isReadable)
                .min(Comparator.comparing((ResultHome home) -> !home.written())
                        .thenComparing(home -> home.ring() == null)
                        .thenComparing(home -> !home.identity.equals(usual))
                        .thenComparing(home -> home.written() ? 0 : -home.endedNs())
                        .thenComparing(home -> home.identity));
        return best.orElseGet(() -> left(usual, source, layout));
    }

    /** A former life of the engine may have left results. */
    private ResultHome left(String identity, String source, AttachmentLayout layout) {
        return rings.find(identity).map(ring -> {
            var format = ring.format(1); // each of a ring has the same fields
            if (format != null && !ResultDescriptor.isOf(format, layout)) {
                throw foreign(identity, layout.id());
            }
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
