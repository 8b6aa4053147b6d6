// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.tck.driver.Finding.Outcome;

/** Runs checks one after another, each on a thread of its own and within its limit. Confined. */
final class Kit {
    /** In this order: identities are fresh for the first, and what the last leaves parked disturbs none. */
    static final List<Check> CHECKS = List.of(new EpochCheck(), new ModeCheck(), new TruthCheck(),
            new ConservationCheck(), new ReadersCheck(), new UnplugCheck(), new ClockCheck(), new ControlCheck(),
            new SwapCheck(), new LeakCheck(), new HangCheck());

    private final Stand stand;
    private final Workers workers;
    private final Consumer<String> tell;

    /** {@code tell} is given a line for each check that is over. */
    Kit(Stand stand, Workers workers, Consumer<String> tell) {
        this.stand = stand;
        this.workers = workers;
        this.tell = tell;
    }

    /** What came of each, in order. A check that does not end leaves the rest untried. */
    List<Finding> run(List<Check> checks) {
        var findings = new ArrayList<Finding>();
        String stuck = null;
        for (var check : checks) {
            var finding = stuck == null ? run(check)
                    : new Finding(check, Outcome.UNTRIED, "not tried, since " + stuck + " did not end", 0);
            if (finding.outcome() == Outcome.FAILED && finding.seconds() >= limitS(check)) {
                stuck = check.name();
            }
            findings.add(finding);
            tell.accept(String.format(Locale.ROOT, "%2d/%d  %-12s %-12s %6.1f s  %s", findings.size(), checks.size(),
                    check.name(), finding.outcome().label(), finding.seconds(), finding.sentence()));
        }
        return findings;
    }

    private double limitS(Check check) {
        return check.limit(stand.effort()).toNanos() / 1e9;
    }

    private Finding run(Check check) {
        var found = new CompletableFuture<String>();
        long begin = System.nanoTime();
        workers.start("tck " + check.name(), WorkClass.NORMAL, false, self -> {
            try {
                found.complete(check.look(stand));
            } catch (RuntimeException | Error fault) {
                found.completeExceptionally(fault);
            }
        });
        try {
            var sentence = found.get(check.limit(stand.effort()).toNanos(), TimeUnit.NANOSECONDS);
            return new Finding(check, check.applies(stand.plan()) ? Outcome.PASSED : Outcome.INAPPLICABLE, sentence,
                    secondsSince(begin));
        } catch (ExecutionException thrown) {
            return new Finding(check, Outcome.FAILED, sentence(thrown.getCause()), secondsSince(begin));
        } catch (TimeoutException hangs) {
            return new Finding(check, Outcome.FAILED, String.format(Locale.ROOT, "is not over after %.0f s; the driver "
                    + "does not come back from a call", limitS(check)), secondsSince(begin));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the platform stops", asked);
        }
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** What the platform says of a driver is said in sentences already. */
    private static String sentence(Throwable fault) {
        boolean told = fault instanceof Shortfall || fault instanceof IllegalStateException
                || fault instanceof IllegalArgumentException;
        return told && fault.getMessage() != null ? fault.getMessage() : "met " + fault;
    }
}
