// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

import java.util.List;
import java.util.function.LongSupplier;
import org.osgi.annotation.versioning.ProviderType;

/** Makes threads, gives them their policy and keeps their accounts. Thread-safe; control threads. */
@ProviderType
public interface Workers {
    /**
     * Starts a thread.
     *
     * @param name what it does: {@code reservoir}; shown everywhere
     * @param workClass its class, mapped to a policy of the system
     * @param media true when it handles items: its allocations per item are accounted and must be none
     * @param task what it runs
     */
    Worker start(String name, WorkClass workClass, boolean media, Task task);

    /**
     * Puts a thread of a native fragment into the accounts and gives it the policy of its class.
     *
     * @param tid thread id of the system
     * @param items how many items it has handled so far
     * @return close it before the thread ends
     */
    Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items);

    /** All threads that were started or adopted and are alive. Allocates. */
    List<ThreadStats> threads();

    /** A native thread in the accounts. */
    @ProviderType
    interface Adopted extends AutoCloseable {
        /** Takes the thread out of the accounts. Does not touch the thread. */
        @Override
        void close();
    }
}
