// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.IOException;
import java.util.function.UnaryOperator;
import mimir.api.BadInputException;
import org.osgi.framework.Bundle;

/**
 * A host or fragment as it will run: given as a jar, or as it is installed already. Immutable.
 *
 * @param name symbolic name
 * @param file its jar in words; of an installed part, its name
 * @param given whether it comes in now
 * @param header value of a header, or null
 * @param entry content of an entry, or null
 */
record Part(String name, String file, boolean given, UnaryOperator<String> header, Contents entry) {

    /** Content by path. */
    interface Contents {
        /** Null when there is none. */
        byte[] of(String path);
    }

    static Part of(Jar jar) {
        return new Part(jar.name(), jar.file().toString(), true, jar.headers()::get, jar.archive()::content);
    }

    static Part of(Bundle bundle) {
        var headers = bundle.getHeaders("");
        return new Part(bundle.getSymbolicName(), bundle.getSymbolicName(), false, headers::get,
                path -> content(bundle, path));
    }

    /** Null when the bundle has no such entry. */
    static byte[] content(Bundle bundle, String path) {
        var entry = bundle.getEntry(path);
        if (entry == null) {
            return null;
        }
        try (var stream = entry.openStream()) {
            return stream.readNBytes(Jar.MOST_BYTES);
        } catch (IOException refused) {
            throw new BadInputException("the framework does not give " + path + " of " + bundle.getSymbolicName()
                    + " (" + refused.getMessage() + "); restart the platform");
        }
    }
}
