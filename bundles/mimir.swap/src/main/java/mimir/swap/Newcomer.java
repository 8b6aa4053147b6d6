// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import mimir.api.work.Workers;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * A bundle that was not there before: its start has the deadline of a swap, and so has its way out. Immutable; control
 * threads.
 */
public record Newcomer(Bundle bundle, Workers workers, Patience patience) {

    /**
     * Starts it; a start that hangs is interrupted.
     *
     * @throws BundleException when it does not start in time; a sentence without a subject
     */
    public void start() throws BundleException, InterruptedException {
        var start = new Aside(workers, bundle::start);
        if (start.isBack(patience.start())) {
            start.result();
            return;
        }
        boolean back = start.isBackInterrupted(patience.giveUp());
        start.abandon();
        throw new BundleException("its start did not come back within " + new Deadline(patience.start())
                + (back ? "" : " and goes on although it was interrupted"));
    }

    /**
     * Takes it out, stopping it where it runs; the framework waits for whoever starts it, for ever if need be.
     *
     * @throws BundleException when it stays; a sentence without a subject
     */
    public void takeOut() throws BundleException, InterruptedException {
        var end = new Aside(workers, bundle::uninstall);
        if (end.isBack(patience.giveUp())) {
            end.result();
            return;
        }
        end.isBackInterrupted(patience.giveUp());
        end.abandon();
        if (bundle.getState() != Bundle.UNINSTALLED) {
            throw new BundleException("it does not come out of its own code");
        }
    }
}
