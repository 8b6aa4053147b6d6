// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.engine.analysis.Birth.Newborn;

/** Makes analysers and ends them, each call on a thread of its own. Thread-safe. */
final class Strangers {
    /** After that time people are told of a call that has not come back. */
    static final long LONG_NS = 1_000_000_000;

    private static final int LONGEST_MESSAGE = 500;

    private final Means means;
    private final Runnable told;

    /** With somebody who is told when a call is over. */
    Strangers(Means means, Runnable told) {
        this.means = means;
        this.told = told;
    }

    /** Makes an instance and asks it for the sizes of its results. Does not wait. */
    Aside<Newborn> make(Offer offer, Place place) {
        return Aside.begin(means.threads(), "begin " + offer.declaration().name(), () -> {
            try {
                return born(offer, place);
            } catch (Throwable refused) {
                throw own(refused);
            }
        }, unwanted -> retire(offer, unwanted.analyzer()), told);
    }

    private Newborn born(Offer offer, Place place) {
        var analyzer = offer.instances().make();
        try {
            var tails = new ArrayList<Long>();
            for (var made : offer.declaration().outputs()) {
                tails.add(Math.max(0, analyzer.tailBytes(made.type(), place)));
            }
            return new Newborn(analyzer, tails);
        } catch (Throwable refused) {
            retire(offer, analyzer);
            throw refused;
        }
    }

    /** One of a bundle would hold the bundle, and may never come back when it is asked for its message: so ask here. */
    private static RuntimeException own(Throwable refused) {
        return refused instanceof BadInputException ? new BadInputException(sentence(refused))
                : new IllegalStateException(sentence(refused));
    }

    /** Closes an instance that nobody calls any more, and gives it back. Does not wait. */
    Aside<Analyzer> end(Offer offer, Analyzer analyzer) {
        return Aside.begin(means.threads(), "end " + offer.declaration().name(), () -> {
            retire(offer, analyzer);
            return null;
        }, nothing -> { }, told);
    }

    private void retire(Offer offer, Analyzer analyzer) {
        apart(offer, "closed", analyzer::close);
        apart(offer, "given back", () -> offer.instances().giveBack(analyzer));
    }

    private void apart(Offer offer, String what, HeapUse.Begin call) {
        try {
            call.run();
        } catch (Throwable thrown) { // a stranger's code
            means.warn().accept("analyser " + offer.declaration().name() + " could not be " + what + " cleanly: "
                    + sentence(thrown));
        }
    }

    /**
     * What to tell people of an exception, on one line. It may be of anybody's making: its message may throw, may have
     * no end, and may hold what a terminal obeys.
     */
    static String sentence(Throwable thrown) {
        String said;
        try {
            said = thrown.getMessage();
        } catch (Throwable worse) { // there is nothing to tell but its kind
            said = null;
        }
        if (said == null || said.isBlank()) {
            return nameless(thrown);
        }
        if (Output.isOfKeptView(thrown, said)) {
            return "it used a result of an earlier item, which it has kept; call attach for each item and keep nothing "
                    + "of what it gives";
        }
        var text = said.length() > LONGEST_MESSAGE ? said.substring(0, LONGEST_MESSAGE) + "…" : said;
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** Of one that says nothing, what it is and what caused it: the JVM tells so of classes it cannot initialise. */
    private static String nameless(Throwable thrown) {
        var name = thrown.getClass().getSimpleName();
        try {
            var cause = thrown.getCause();
            var why = cause == null ? null : cause.getMessage();
            return why == null || why.isBlank() ? name : name + ": " + sentence(cause);
        } catch (Throwable worse) {
            return name;
        }
    }
}
