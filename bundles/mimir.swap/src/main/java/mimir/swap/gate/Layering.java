// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import mimir.api.BadInputException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The manifest of a bundle that comes in: sound, in its layer, and within what this Mimir offers. Immutable.
 *
 * @param offered versions of a package that some bundle exports
 */
record Layering(Function<String, List<Version>> offered) {
    private static final Set<String> WORDS = Set.of("mimir.ring", "mimir.api");

    /** With what the bundles of a framework export now. */
    static Layering in(BundleContext context) {
        return new Layering(name -> {
            var versions = new ArrayList<Version>();
            for (var bundle : context.getBundles()) {
                var revision = bundle.adapt(BundleRevision.class);
                if (revision != null) {
                    revision.getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE).stream()
                            .map(capability -> capability.getAttributes())
                            .filter(package_ -> name.equals(package_.get(PackageNamespace.PACKAGE_NAMESPACE)))
                            .forEach(package_ -> versions.add(version(package_)));
                }
            }
            return versions;
        });
    }

    private static Version version(Map<String, Object> exported) {
        return exported.get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE) instanceof Version version
                ? version : Version.emptyVersion;
    }

    /** Throws {@link BadInputException} with what is wrong. */
    void check(Jar jar) {
        jar.checkHeaders();
        if (WORDS.contains(jar.name())) {
            return;
        }
        for (var clause : Clause.parse(jar.headers().get(Constants.IMPORT_PACKAGE))) {
            clause.names().forEach(name -> checkImport(jar, name, clause.value("version")));
        }
        for (var clause : Clause.parse(jar.headers().get(Constants.DYNAMICIMPORT_PACKAGE))) {
            refuse(clause.names().stream().filter(Layering::reachesIntoMimir).findFirst().orElse(null), jar,
                    "imports what it likes of Mimir (DynamicImport-Package: ", ")");
        }
        for (var clause : Clause.parse(jar.headers().get(Constants.REQUIRE_BUNDLE))) {
            refuse(clause.names().stream().filter(Layering::isMimir).findFirst().orElse(null), jar,
                    "requires the bundle ", " as a whole");
        }
        for (var clause : Clause.parse(jar.headers().get(Constants.EXPORT_PACKAGE))) {
            refuse(clause.names().stream().filter(Layering::isMimir).findFirst().orElse(null), jar,
                    "exports the package ", ", and only mimir.ring and mimir.api export such");
        }
    }

    private void checkImport(Jar jar, String name, String range) {
        if (!isMimir(name)) {
            return;
        }
        if (!name.equals("mimir.ring") && !name.equals("mimir.api") && !name.startsWith("mimir.api.")) {
            throw new BadInputException(jar.file() + " imports " + name + " of another bundle of Mimir; import only"
                    + " mimir.ring and mimir.api, and meet the others through services");
        }
        var there = offered.apply(name);
        if (there.stream().noneMatch(range(jar, name, range)::includes)) {
            throw new BadInputException(jar.file() + " imports " + name + (range == null ? "" : " " + range)
                    + ", but this Mimir has " + (there.isEmpty() ? "no such package" : there.getFirst())
                    + "; build it against this Mimir");
        }
    }

    private static VersionRange range(Jar jar, String name, String range) {
        try {
            return new VersionRange(range == null ? "0" : range);
        } catch (IllegalArgumentException odd) {
            throw new BadInputException(jar.file() + " imports " + name + " in the versions '" + range
                    + "', which are none; build it with bnd");
        }
    }

    private static void refuse(String name, Jar jar, String what, String more) {
        if (name != null) {
            throw new BadInputException(jar.file() + " " + what + name + more
                    + "; import packages of mimir.ring and mimir.api by name");
        }
    }

    private static boolean isMimir(String name) {
        return (name + ".").startsWith("mimir.");
    }

    /** {@code *}, {@code mimir.*} and what else may mean a package of Mimir. */
    private static boolean reachesIntoMimir(String pattern) {
        return isMimir(pattern) || pattern.equals("*");
    }
}
