// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.Start;

/**
 * A stage whose analyser is being made, on a thread of its own. Confined to the lock of the host, which the making does
 * not need.
 */
final class Birth {
    private final Offer offer;
    private final List<KnownSource> sources;
    private final Map<String, String> differing;
    private final Aside<Newborn> making;

    /**
     * An analyser that was made and has looked at nothing. Immutable.
     *
     * @param tails most bytes of tail of each output
     */
    record Newborn(Analyzer analyzer, List<Long> tails) {
    }

    private Birth(Offer offer, List<KnownSource> sources, Map<String, String> differing, Aside<Newborn> making) {
        this.offer = offer;
        this.sources = sources;
        this.differing = differing;
        this.making = making;
    }

    /**
     * Begins to make one.
     *
     * @param differing parameters that differ from the defaults
     * @throws IllegalStateException when there is no thread to do it
     */
    static Birth begin(Strangers strangers, Offer offer, List<KnownSource> sources, Map<String, String> differing) {
        var declaration = offer.declaration();
        var values = new TreeMap<>(declaration.parameters());
        values.putAll(differing);
        var place = new Place(declaration.name(), sources.stream().map(KnownSource::id).toList(),
                sources.stream().map(Birth::format).toList(), values);
        return new Birth(offer, sources, differing, strangers.make(offer, place));
    }

    /** The source may send something else by now than when it came. */
    private static RingFormat format(KnownSource source) {
        try (var reader = source.ring().reader("analysis", Profile.LATEST, Start.NOW);
                var newest = reader.peek(reader.end() - 1)) {
            return newest == null ? source.format() : newest.format();
        }
    }

    Offer offer() {
        return offer;
    }

    List<KnownSource> sources() {
        return sources;
    }

    Map<String, String> differing() {
        return differing;
    }

    Aside<Newborn> making() {
        return making;
    }

    /** The analyser, if it was made. */
    Newborn born() {
        return making.given();
    }

    /**
     * Why there will be no analyser, or null. The exception is Mimir's own: one of a bundle would hold the bundle.
     */
    RuntimeException failure() {
        var thrown = making.thrown();
        return switch (thrown) {
            case null -> null;
            case BadInputException bad -> new BadInputException(Strangers.sentence(bad));
            default -> new IllegalStateException(Strangers.sentence(thrown));
        };
    }

    /** True when it takes so long that people should know. */
    boolean isLong() {
        return making.lastsNs() > Strangers.LONG_NS;
    }

    /** What is going on, for people. */
    String cause() {
        return String.format(Locale.ROOT, "%s has been in its constructor for %.1f s; it goes on when that returns, or"
                + " detach it", offer.declaration().name(), making.lastsNs() / 1e9);
    }
}
