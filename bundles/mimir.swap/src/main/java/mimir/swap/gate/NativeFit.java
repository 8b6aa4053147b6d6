// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mimir.api.BadInputException;
import org.osgi.framework.Constants;

/**
 * Whether host and fragments, as they will run together, have the native code that the host calls. Immutable.
 */
record NativeFit(Here here) {
    /** Functions that the host looks up in the library of its fragment, separated by commas. */
    static final String SYMBOLS = "Mimir-Native-Symbols";

    /**
     * Throws {@link BadInputException} with what is wrong.
     *
     * @param parts the host and all its fragments, the new ones and those that stay
     */
    void check(Part host, Collection<Part> parts) {
        var exported = new HashSet<String>();
        var libraries = new ArrayList<Part>();
        for (var part : parts) {
            var found = symbols(part);
            if (found != null) {
                libraries.add(part);
                exported.addAll(found);
            }
        }
        var missing = needed(host).stream().filter(symbol -> !exported.contains(symbol)).toList();
        if (!missing.isEmpty()) {
            throw new BadInputException(libraries.isEmpty()
                    ? host.file() + " calls native code, and no fragment with a library for " + here.word()
                            + " is there; give " + host.name() + ".native as well"
                    : "the library of " + libraries.getFirst().file() + " lacks " + shown(missing) + ", which "
                            + host.file() + " calls; give host and fragment of the same build");
        }
    }

    private static List<String> needed(Part host) {
        var header = host.header().apply(SYMBOLS);
        return header == null ? List.of() : Arrays.stream(header.split(",")).map(String::strip)
                .filter(symbol -> !symbol.isEmpty()).distinct().toList();
    }

    private static String shown(List<String> missing) {
        int others = missing.size() - 1;
        return missing.getFirst() + (others == 0 ? "" : " and " + others + " more");
    }

    /** Null when the part has no native code for this machine and is not asked for any. */
    private Set<String> symbols(Part part) {
        var header = part.header().apply(Constants.BUNDLE_NATIVECODE);
        if (header == null) {
            return null;
        }
        var paths = here.libraries(header);
        if (paths.isEmpty() && part.given()) {
            throw new BadInputException(part.file() + " has no library for " + here.word()
                    + "; build it for this machine");
        }
        var symbols = new HashSet<String>();
        paths.forEach(path -> symbols.addAll(symbols(part, path)));
        return paths.isEmpty() ? null : symbols;
    }

    private Set<String> symbols(Part part, String path) {
        var library = part.entry().of(path);
        if (library == null) {
            throw new BadInputException(part.file() + " says that it has " + path + ", but has not; build it again");
        }
        try {
            return LibrarySymbols.of(library, here);
        } catch (Unsound misfit) {
            throw new BadInputException(path + " in " + part.file() + " " + misfit.getMessage()
                    + "; build it for " + here.word());
        }
    }
}
