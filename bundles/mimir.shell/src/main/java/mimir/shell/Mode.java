// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import mimir.api.work.Worker;

/** One way to use the platform. */
interface Mode {
    /** Does it and returns the exit code. The shell's worker; blocks; an interrupt ends whatever it waits for. */
    int run(Worker self);
}
