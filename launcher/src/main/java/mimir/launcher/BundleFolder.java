// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The jars of a folder, or of some, as bundles of a framework: installed from where they lie, fragments attached, the
 * others started.
 *
 * <p>Threads: immutable.
 */
final class BundleFolder {
    /** Felix's words: missing requirement [NAME [ID](R ID)] NAMESPACE; (FILTER). */
    private static final Pattern MISSING =
        Pattern.compile("missing requirement \\[(\\S+) [^]]*\\][^]]*\\] (\\S+); ([^\\s\\]]+)");

    private final List<Path> paths;
    private final KnownJars known;

    /** More than one are taken as if all their jars lay in the first. */
    BundleFolder(List<Path> paths, KnownJars known) {
        this.paths = List.copyOf(paths);
        this.known = known;
    }

    private List<Bundle> install(Framework framework) throws LaunchException {
        var bundles = new ArrayList<Bundle>();
        for (var path : paths) {
            for (var jar : jars(path)) {
                bundles.add(install(framework, jar));
            }
        }
        return bundles;
    }

    private Bundle install(Framework framework, Path jar) throws LaunchException {
        try {
            // A file: location is what lets `mimir:swap NAME` read the same bytes again.
            return framework.getBundleContext().installBundle(jar.toUri().toString(),
                new ByteArrayInputStream(known.read(jar)));
        } catch (BundleException e) {
            var why = Console.oneLine(e.getMessage());
            throw new LaunchException(isOfTheDisk(e) ? "Mimir's temporary folder does not take " + jar + " (" + why
                + "): free some space in it or set TMPDIR." : jar + " is no bundle (" + why + "): build Mimir anew.");
        }
    }

    /** True when the framework's cache could not be written, and the jar may be sound. */
    static boolean isOfTheDisk(Throwable failure) {
        return failure != null && (failure instanceof IOException && !(failure instanceof ZipException)
            || isOfTheDisk(failure.getCause()));
    }

    private static List<Path> jars(Path path) throws LaunchException {
        try (var entries = Files.list(path)) {
            var jars = entries.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            if (jars.isEmpty()) {
                throw new LaunchException("No bundles in " + path + ": start Mimir by its script, which builds them.");
            }
            return jars;
        } catch (IOException e) {
            throw new LaunchException("Mimir's bundles cannot be read (" + e + "): start Mimir by its script.");
        }
    }

    /** Installs and starts all of them; a bundle that does not come up is one sentence, and all are tried. */
    void startAll(Framework framework) throws LaunchException {
        var bundles = install(framework);
        framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
        var failures = new ArrayList<String>();
        for (var bundle : bundles) {
            try {
                if (isFragment(bundle)) {
                    requireResolved(bundle);
                } else {
                    bundle.start();
                }
            } catch (BundleException e) {
                failures.add("Bundle " + bundle.getSymbolicName() + " does not start: " + reason(e));
            }
        }
        if (!failures.isEmpty()) {
            throw new LaunchException(failures);
        }
    }

    /** The innermost missing requirement of a chain of them, else the words of the root cause. */
    private static String reason(BundleException failure) {
        var message = Console.oneLine(failure.getMessage());
        String innermost = null;
        for (var match = MISSING.matcher(message); match.find();) {
            innermost = match.group(1) + " lacks " + match.group(2) + " " + match.group(3);
        }
        return innermost != null ? innermost : Console.oneLine(Console.rootOf(failure).getMessage());
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static void requireResolved(Bundle fragment) throws BundleException {
        if (fragment.getState() == Bundle.INSTALLED) {
            throw new BundleException("its host " + fragment.getHeaders().get(Constants.FRAGMENT_HOST)
                + " is not there or cannot take it", BundleException.RESOLVE_ERROR);
        }
    }
}
