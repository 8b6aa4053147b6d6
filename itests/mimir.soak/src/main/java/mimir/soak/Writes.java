// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.HashMap;
import mimir.api.source.Control;
import mimir.api.source.Controls;
import org.osgi.framework.BundleContext;

/** Writes of all controls of a source that say of each what it says already. Immutable. */
final class Writes {
    private Writes() {
    }

    static Fire.Deed in(BundleContext context, String source) {
        return () -> {
            for (var reference : context.getServiceReferences(Controls.class, null)) {
                var controls = context.getService(reference);
                try {
                    if (controls != null && controls.id().equals(source)) {
                        return write(controls);
                    }
                } finally {
                    context.ungetService(reference);
                }
            }
            return false;
        };
    }

    /** The device may go between a look and a write; then it says so, in a sentence. */
    private static boolean write(Controls controls) {
        try {
            var values = new HashMap<String, Object>();
            for (Control control : controls.read()) {
                values.put(control.name(), control.value());
            }
            controls.write(values);
            return true;
        } catch (IllegalStateException gone) {
            if (gone.getMessage() == null || !gone.getMessage().contains(";")) {
                throw gone;
            }
            return false;
        }
    }
}
