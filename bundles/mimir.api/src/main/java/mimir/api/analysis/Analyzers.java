// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.util.List;
import java.util.Map;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import org.osgi.annotation.versioning.ProviderType;

/** Which analysers there are, and where they are attached. Thread-safe; control threads; methods may block shortly. */
@ProviderType
public interface Analyzers {
    /** All analysers whose bundles run, in order of name. */
    List<Kind> kinds();

    /** All stages, in order of source and name. */
    List<StageStats> stages();

    /**
     * Attaches an analyser, and the analysers of what it needs. Attached already with the same parameters: nothing is
     * computed twice, and it takes as many {@link #detach} as there were calls.
     *
     * @param sources as many as it has inputs
     * @param parameters values that differ from the defaults
     * @throws mimir.api.BadInputException when that cannot be, with what to do: unknown name, wrong kind of source or
     * format, another analyser attaches that type there already, nobody offers what it needs
     */
    default void attach(String name, List<String> sources, Map<String, String> parameters) {
        attach(name, sources, parameters, 0);
    }

    /**
     * The same, but it begins in the past: it looks at what the reservoir holds of the sources since then, at four
     * times the speed at which that happened, and at what its profile says once it has caught up, with no item left out
     * and none looked at twice in between. The analysers of what it needs begin there too, unless they are attached
     * already: then what has no result of theirs is passed over.
     *
     * @param backNs how long ago, ns; 0 for now
     * @throws mimir.api.BadInputException also when the past does not reach back so far, or it is attached already
     */
    void attach(String name, List<String> sources, Map<String, String> parameters, long backNs);

    /**
     * Takes an analyser away when nobody else wants it there, with those that came along with it.
     *
     * @throws mimir.api.BadInputException when it is not attached there, or another stage needs its results
     */
    void detach(String name, List<String> sources);

    /** Lets a stage that was disabled go on. */
    void enable(String name, List<String> sources);

    /**
     * An analyser that can be attached. Immutable.
     *
     * @param name what people type
     * @param bundle symbolic name of its bundle
     * @param inputs see {@link Analysis#inputs}
     * @param outputs names and versions of types: {@code mimir.motion@1}
     * @param needs the same
     * @param fault why it cannot be used, in a sentence; empty when it can
     */
    record Kind(String name, String bundle, List<String> inputs, List<String> outputs, List<String> needs,
            WorkClass workClass, long budgetNs, Profile profile, Map<String, String> parameters, String fault) {
    }

    /**
     * The account of one stage since it was attached. Immutable.
     *
     * @param name of the analyser
     * @param sources what it is attached to
     * @param state {@code running}, {@code waiting} for its bundle or source, {@code disabled}, {@code stuck}
     * @param cause why it does not run, in a sentence; empty when it does
     * @param users how often it was attached, and needed by others
     * @param items items that it looked at
     * @param results results attached, late ones included
     * @param late of these, complete after the item's deadline
     * @param absent items without an answer: passed over, overtaken, failed or given up. One to which the analyser
     * chose to attach nothing, because it found nothing or answers once for a window of several, is not among them
     * @param overtaken of these, overwritten before or while it looked
     * @param failures exceptions
     * @param misses items of which the look ended after their deadline, with a result or without; those on trial stand
     * in {@code trial} and not here
     * @param cpuNs processor time, ns
     * @param busyNs time, ns
     * @param longestNs longest time for one item, ns
     * @param allocatedBytes bytes allocated on the Java heap
     * @param warm what of it happened after its warm-up
     * @param trial what of it happened before it was admitted to the pool of its class
     */
    record StageStats(String name, List<String> sources, Map<String, String> parameters, WorkClass workClass,
            String state, String cause, int users, long items, long results, long late, long absent, long overtaken,
            long failures, long misses, long cpuNs, long busyNs, long longestNs, long allocatedBytes, Warm warm,
            Trial trial) {
    }

    /**
     * What a stage did on trial. Each of its lives begins on trial: it runs apart from the pools and attaches what it
     * finds, until half a second has passed in which it looked at 16 items and met the deadline of each; at most 20 s.
     * Immutable.
     *
     * @param on true while it is on trial
     * @param items items that it looked at on trial
     * @param misses of these, done after their deadline
     */
    record Trial(boolean on, long items, long misses) {
        /** Nothing was tried. */
        public static final Trial NONE = new Trial(false, 0, 0);
    }

    /**
     * What a stage did after the first 20 s of each of its lives: until then the JVM translates its code, and allocates
     * for that. Immutable.
     *
     * @param items items that it looked at
     * @param absent items without an answer; one that is in hand is not among them
     * @param misses items of which the look ended after their deadline, not on trial
     * @param allocatedBytes bytes allocated on the Java heap
     */
    record Warm(long items, long absent, long misses, long allocatedBytes) {
        /** Not warm yet. */
        public static final Warm NOT_YET = new Warm(0, 0, 0, 0);
    }
}
