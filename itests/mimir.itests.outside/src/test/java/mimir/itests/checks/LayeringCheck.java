// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;

/**
 * Holds built bundles against the layering rules and says every offence in one sentence.
 *
 * <p>Threads: confined.
 */
final class LayeringCheck {
    private final Layers layers;
    private final List<String> offences = new ArrayList<>();

    private LayeringCheck(Layers layers) {
        this.layers = layers;
    }

    static List<String> offences(Layers layers, List<BuiltBundle> bundles) {
        var check = new LayeringCheck(layers);
        for (var bundle : bundles) {
            check.exports(bundle);
            check.imports(bundle);
            check.headers(bundle);
            check.contents(bundle);
        }
        check.splitPackages(bundles);
        return List.copyOf(check.offences);
    }

    private void exports(BuiltBundle bundle) {
        for (var export : bundle.clauses("Export-Package")) {
            if (!layers.mayExport(bundle.name())) {
                offence(bundle, "exports " + export.name() + ", but only mimir.ring and mimir.api export packages");
            }
            if (!export.attributes().containsKey("version")) {
                offence(bundle, "exports " + export.name() + " without a version: add @Version to its package-info");
            }
        }
    }

    private void imports(BuiltBundle bundle) {
        for (var required : bundle.clauses("Import-Package")) {
            var name = required.name();
            if ((name + ".").startsWith("mimir.") && !layers.mayImport(bundle.name(), name)) {
                offence(bundle, "imports " + name + " of another room: meet it through a service of mimir.api");
            }
            var rule = layers.forbidding(bundle.name(), name);
            if (rule != null) {
                offence(bundle, "imports " + name + ", which " + rule + " in cnf/layers.properties rules out");
            }
            if ("optional".equals(required.attributes().get("resolution:"))) {
                offence(bundle, "imports " + name + " optionally: a missing service is an absent component");
            }
        }
    }

    private void headers(BuiltBundle bundle) {
        for (var header : layers.forbiddenHeaders()) {
            if (bundle.headers().getValue(header) != null) {
                offence(bundle, "has the header " + header + ", which no bundle of Mimir has");
            }
        }
    }

    private void contents(BuiltBundle bundle) {
        if (bundle.entries().stream().anyMatch(entry -> entry.endsWith(".jar"))) {
            offence(bundle, "embeds a jar: make it a bundle of the run");
        }
        if (bundle.isFragment() && !bundle.packages().isEmpty()) {
            offence(bundle, "is a fragment and holds classes: " + bundle.packages());
        }
        for (var name : bundle.packages()) {
            if (!(name + ".").startsWith(bundle.name() + ".")) {
                offence(bundle, "holds the package " + name + ", which is not below its own name");
            }
            if (Arrays.stream(name.split("\\.")).anyMatch(layers.forbiddenWords()::contains)) {
                offence(bundle, "has a package named " + name + ": what is not exported is private already");
            }
        }
    }

    private void splitPackages(List<BuiltBundle> bundles) {
        var owners = new HashMap<String, String>();
        for (var bundle : bundles) {
            for (var name : bundle.packages()) {
                var other = owners.putIfAbsent(name, bundle.name());
                if (other != null) {
                    offence(bundle, "holds the package " + name + ", as " + other + " does");
                }
            }
        }
    }

    private void offence(BuiltBundle bundle, String what) {
        offences.add(bundle.name() + " " + what);
    }
}
