// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/**
 * All rings of this process, by source identity. Inside OSGi it is one component behind every bundle's {@link Rings};
 * elsewhere it is simply made: {@code new RingStore(Map.of())}, or {@link #unseen}. Thread-safe.
 *
 * <p>Configuration (PID {@code mimir.ring}): {@code dir}, a directory for the regions that Java writes; native writers
 * always get sealed memory; {@code seconds}, how long rings last that are opened from now on (0.5 to 10, default 0.5;
 * {@link RingSpec#slotCount(double)}); {@code deep}, identities of rings that somebody keeps items of where they are
 * ({@link Lease#hold}), and {@code deep.seconds}, how long these last at least; {@code manifests}, a folder where other
 * processes find the rings (for its default see {@link ForeignRings#folder}).
 */
@Component(service = RingStore.class, configurationPid = "mimir.ring")
public final class RingStore implements AutoCloseable {
    private final Map<String, Ring> rings = new ConcurrentSkipListMap<>();
    private final AtomicInteger sourceIds = new AtomicInteger();
    private final ManifestFolder manifests;
    private volatile Path directory;
    private volatile double seconds = RingSpec.LEAST_SECONDS;
    private volatile Set<String> deep = Set.of();
    private volatile double deepSeconds;

    /**
     * With the configuration above, which may be empty. Removes first what platforms of this user left behind that were
     * ended hard.
     *
     * @throws RingException when {@code dir} is no directory, or one of the two durations out of bounds
     */
    @Activate
    public RingStore(Map<String, ?> configuration) {
        var named = configuration.get("manifests") instanceof String text ? Path.of(text) : Manifests.usual();
        manifests = new ManifestFolder(named);
        Manifests.removeLeftovers(named);
        configure(configuration);
    }

    private RingStore(ManifestFolder none, Map<String, ?> configuration) {
        manifests = none;
        configure(configuration);
    }

    /** Rings for the eyes of their maker only: no other process finds them. */
    public static RingStore unseen() {
        return unseen(Map.of());
    }

    /** The same with the configuration above but {@code manifests}. */
    public static RingStore unseen(Map<String, ?> configuration) {
        return new RingStore(new ManifestFolder(null), configuration);
    }

    /** Goes for rings that are opened from now on. Control threads; does not block. */
    @Modified
    public void configure(Map<String, ?> configuration) {
        var dir = configuration.get("dir") instanceof String text && !text.isBlank() ? Path.of(text) : null;
        if (dir != null && !Files.isDirectory(dir)) {
            throw new RingException("rings.dir " + dir + " is not a directory; make it or leave rings.dir out");
        }
        double lasting = configuration.get("seconds") instanceof Number asked ? asked.doubleValue()
                : RingSpec.LEAST_SECONDS;
        if (!(lasting >= RingSpec.LEAST_SECONDS && lasting <= RingSpec.MOST_SECONDS)) {
            throw new RingException("rings.seconds is " + lasting + ", but rings last from 0.5 to 10 s; give such a"
                    + " number or leave rings.seconds out");
        }
        double depth = configuration.get("deep.seconds") instanceof Number asked ? asked.doubleValue() : lasting;
        if (!(depth > 0 && Double.isFinite(depth))) {
            throw new RingException("deep.seconds is " + depth + ", but no ring lasts so long; give a number of seconds"
                    + " above 0 or leave deep.seconds out");
        }
        if (dir != null && !dir.equals(directory)) {
            RingFiles.removeLeftovers(dir);
        }
        directory = dir;
        seconds = lasting;
        deep = configuration.get("deep") instanceof String[] identities ? Set.copyOf(List.of(identities)) : Set.of();
        deepSeconds = depth;
    }

    /**
     * Takes ownership of an identity; see {@link Rings#open}. {@code owner} is named when somebody else asks for it.
     */
    public RingOwner open(RingSpec spec, String owner) {
        RingOwner opened = null;
        while (opened == null) {
            var ring = rings.computeIfAbsent(spec.identity(), id -> new Ring(this, id, sourceIds.incrementAndGet()));
            opened = ring.open(spec, owner);
            if (opened == null) {
                rings.remove(spec.identity(), ring); // freed just now, and perhaps not yet off the list
            }
        }
        return opened;
    }

    /** See {@link Rings#free}. */
    public boolean free(String identity) {
        var ring = rings.get(identity);
        if (ring == null || !ring.free()) {
            return false;
        }
        rings.remove(identity, ring);
        return true;
    }

    /** See {@link Rings#find}. */
    public Optional<Ring> find(String identity) {
        return Optional.ofNullable(rings.get(identity));
    }

    /** See {@link Rings#list}. */
    public List<Ring> list() {
        return List.copyOf(rings.values());
    }

    /** See {@link Rings#discoveryFault}. */
    public Optional<String> discoveryFault() {
        return manifests.fault();
    }

    ManifestFolder manifests() {
        return manifests;
    }

    Path directory() {
        return directory;
    }

    /** Slots that a ring made now has. */
    int slots(RingSpec spec) {
        return spec.slotCount(deep(spec.identity()) ? Math.max(seconds, deepSeconds) : seconds);
    }

    /** True when somebody keeps items of this ring where they are. */
    boolean deep(String identity) {
        return deep.contains(identity);
    }

    boolean onFile(RingSpec spec) {
        return directory != null && spec.writer() == RingSpec.Writer.JAVA;
    }

    /** Ends every ring and removes the files; memory goes with its last reader. */
    @Override
    @Deactivate
    public void close() {
        rings.values().forEach(Ring::dispose);
        manifests.close();
    }
}
