// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.List;

/**
 * The table of who owns what, made from the {@code Mimir-Owner} headers of the built bundles: {@code concern=owner, …}.
 *
 * <p>Threads: immutable.
 */
final class OwnerTable {
    static final List<String> OWNERS = List.of("managed", "native", "external-engine");

    private OwnerTable() {
    }

    static String of(List<BuiltBundle> bundles) {
        var table = new StringBuilder("| concern | owner | room |\n|---|---|---|\n");
        bundles.stream().flatMap(bundle -> rows(bundle).stream()).sorted().forEach(table::append);
        return table.toString();
    }

    private static List<String> rows(BuiltBundle bundle) {
        var header = bundle.headers().getValue("Mimir-Owner");
        if (header == null) {
            throw new IllegalArgumentException(bundle.name()
                    + " has no Mimir-Owner header: say in its bnd.bnd what it owns");
        }
        return List.of(header.split("\\s*,\\s*")).stream().map(pair -> row(bundle.name(), pair)).toList();
    }

    private static String row(String bundle, String pair) {
        var parts = pair.split("=");
        if (parts.length != 2 || !OWNERS.contains(parts[1])) {
            throw new IllegalArgumentException(bundle + ": Mimir-Owner wants concern=owner with an owner of " + OWNERS
                + ", not " + pair);
        }
        return "| " + parts[0].replace('-', ' ') + " | " + parts[1] + " | `" + bundle + "` |\n";
    }
}
