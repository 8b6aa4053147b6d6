// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import org.apache.felix.framework.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;

/**
 * The framework's own warnings and errors, as single lines on standard error (Felix would print them on standard
 * output).
 *
 * <p>Threads: thread-safe.
 */
final class FrameworkLog extends Logger {
    @Override
    @SuppressWarnings("rawtypes")
    protected void doLog(Bundle bundle, ServiceReference service, int level, String message, Throwable cause) {
        if (level <= LOG_WARNING) {
            var name = bundle == null ? "framework" : bundle.getSymbolicName();
            Console.log(level == LOG_ERROR ? "ERROR" : "WARN", name, message, cause);
        }
    }
}
