// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

import org.osgi.annotation.versioning.ConsumerType;

/** What a worker runs. */
@FunctionalInterface
@ConsumerType
public interface Task {
    /**
     * Runs until it is done or {@link Worker#stopping} says true. Called once, on the worker's own thread. An exception
     * ends the worker and is logged with its name.
     */
    void run(Worker self) throws Exception;
}
