// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.BundleContext;

/** Commands of the shell, one after the other, told to nobody. Immutable. */
final class Commands {
    private static final List<String> ALL = List.of("mimir:sources", "mimir:rings --json", "mimir:threads",
            "mimir:reservoir", "mimir:report");

    private Commands() {
    }

    static Fire.Deed in(BundleContext context) {
        var processor = context.getService(context.getServiceReference(CommandProcessor.class));
        var nowhere = new PrintStream(OutputStream.nullOutputStream());
        return () -> {
            try (var session = processor.createSession(InputStream.nullInputStream(), nowhere, nowhere)) {
                for (var command : ALL) {
                    session.execute(command);
                }
                return true;
            }
        };
    }
}
