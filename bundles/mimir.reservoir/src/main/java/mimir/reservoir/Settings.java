// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import mimir.api.BadInputException;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the reservoir is configured with. Immutable.
 *
 * @param budgetBytes memory of the reservoir, at most
 * @param whole somebody asked for all of it, however long this machine takes
 */
record Settings(long budgetBytes, boolean whole) {
    private static final long LEAST = 16L << 20;
    private static final long MOST_BY_DEFAULT = 8L << 30;

    /** Configuration of PID {@code mimir.reservoir}. */
    @ObjectClassDefinition(name = "Mimir reservoir")
    @interface Config {
        /** Memory in bytes; 0 means what comes in the first seconds, at most a third of the machine's or 8 GiB. */
        @AttributeDefinition(name = "budget (bytes)", description = "Memory of the rolling edge, made whole;"
                + " 0: what comes in the first eight seconds, at most a third of the machine or 8 GiB")
        long budget_bytes() default 0;
    }

    /** Checks the budget. Throws {@link BadInputException} with the range. */
    Settings {
        long machine = machineBytes();
        if (budgetBytes < LEAST || budgetBytes > machine) {
            throw new BadInputException("budget.bytes of the reservoir is " + budgetBytes + ", but must lie between "
                    + LEAST + " (16 MiB) and the " + machine
                    + " bytes of this machine; change reservoir.bytes of the rig");
        }
    }

    static Settings of(Config config) {
        return config.budget_bytes() != 0 ? new Settings(config.budget_bytes(), true)
                : new Settings(Math.min(MOST_BY_DEFAULT, machineBytes() / 3), false);
    }

    private static long machineBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }
}
