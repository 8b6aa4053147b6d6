// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.lang.reflect.Method;
import java.util.Map;

/**
 * What the launcher needs of the log API, which comes from a bundle, see {@link LogRelay}. Immutable.
 *
 * @param consumer logs when somebody wants it: the one parameter of some methods of a logger
 * @param accept of that
 * @param warn of a logger, with a sentence
 * @param log of a service, with a level and a sentence
 * @param wanted which method of a logger tells whether entries of a method of this name are wanted
 */
record LogApi(Class<?> service, Class<?> logger, Class<?> consumer, Method accept, Method warn, Method log,
        Map<String, Method> wanted) {
    /** Level of {@link #log}. */
    static final int WARNING = 2;
    private static final String API = "org.osgi.service.log.";

    static LogApi of(ClassLoader loader) {
        try {
            var service = loader.loadClass(API + "LogService");
            var logger = loader.loadClass(API + "Logger");
            var consumer = loader.loadClass(API + "LoggerConsumer");
            return new LogApi(service, logger, consumer, consumer.getMethod("accept", logger),
                logger.getMethod("warn", String.class), service.getMethod("log", int.class, String.class),
                Map.of("trace", logger.getMethod("isTraceEnabled"), "debug", logger.getMethod("isDebugEnabled"),
                    "info", logger.getMethod("isInfoEnabled"), "warn", logger.getMethod("isWarnEnabled"),
                    "error", logger.getMethod("isErrorEnabled")));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the log service of OSGi R8", e);
        }
    }
}
