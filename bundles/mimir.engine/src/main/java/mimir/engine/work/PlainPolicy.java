// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import mimir.api.work.WorkClass;

/** For systems without a provider yet: asks for nothing and says so. Immutable. */
final class PlainPolicy implements ThreadPolicy {
    @Override
    public long currentThreadId() {
        return Thread.currentThread().threadId();
    }

    @Override
    public Request apply(long tid, WorkClass workClass, boolean nativeThread) {
        return new Request("none", workClass == WorkClass.CRITICAL ? "thread policies are not supported on this system" : null);
    }

    @Override
    public String granted(long tid) {
        return "unknown";
    }

    @Override
    public void precise() {
        // nothing to ask for
    }
}
