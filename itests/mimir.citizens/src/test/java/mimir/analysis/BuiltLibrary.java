// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.osgi.service.log.Logger;

/** The library that the tests of the bundle have made. Immutable. */
final class BuiltLibrary {
    private BuiltLibrary() {
    }

    /** Nobody looks at its log. */
    static AnalysisLibrary open() {
        var silent = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> null);
        return new AnalysisLibrary(Path.of(System.getProperty("mimir.root"),
                "bundles/mimir.analysis/target/native/libmimir_analysis.so"), silent);
    }
}
