// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import mimir.api.work.WorkClass;

/** For systems without a provider of their own: asks for nothing and says so. Immutable. */
final class PlainPolicy implements ThreadPolicy {
    @Override
    public long currentThreadId() {
        return Thread.currentThread().threadId();
    }

    @Override
    public Request apply(long tid, WorkClass workClass, boolean nativeThread) {
        return new Request("none", workClass != WorkClass.CRITICAL ? null : "Mimir knows no scheduling on "
                + System.getProperty("os.name") + "; run it on Linux for steady timing");
    }

    @Override
    public String granted(long tid) {
        return "unknown";
    }

    @Override
    public boolean precise() {
        return false;
    }

    @Override
    public void provide() {
    }
}
