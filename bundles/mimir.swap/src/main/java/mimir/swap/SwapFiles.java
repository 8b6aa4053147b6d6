// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Jar;
import mimir.swap.gate.Verified;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Matches the files that a user names to the parts of a driver. Immutable; touches no bundle. */
final class SwapFiles {
    private final Swappable driver;
    private final Map<String, Jar> found = new LinkedHashMap<>(); // filled while it is made, never after

    private SwapFiles(Swappable driver) {
        this.driver = driver;
    }

    /**
     * What the gate lets in of each part that there is a file for, by symbolic name.
     *
     * @param given jars of the driver; of a folder, those jars in it that are parts of the driver
     * @throws BadInputException when a file is no sound bundle or no part of the driver, two are the same part, or host
     * and fragment would not fit each other, or one may not come in
     */
    static Map<String, Verified> read(Gate gate, Swappable driver, List<Path> given) {
        var files = new SwapFiles(driver);
        given.forEach(files::add);
        if (files.found.isEmpty()) {
            throw new BadInputException("no jar in " + given.getFirst() + " is a part of " + driver.name()
                    + "; its parts are " + files.parts());
        }
        files.checkFit();
        return gate.verify(files.found.values(), driver.parts());
    }

    private void add(Path path) {
        if (Files.isDirectory(path)) {
            jarsIn(path).stream().map(Jar::read).filter(this::isPart).forEach(this::put);
            return;
        }
        var jar = Jar.read(path);
        if (jar.name().isEmpty()) {
            throw new BadInputException(path + " is a jar but no bundle; give the jar of " + driver.name()
                    + " or of its fragment");
        }
        if (!isPart(jar)) {
            throw new BadInputException(path + " is " + jar.name() + ", which is no part of " + driver.name()
                    + "; its parts are " + parts());
        }
        put(jar);
    }

    private static List<Path> jarsIn(Path folder) {
        var jars = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException refused) {
            throw new BadInputException("the folder " + folder + " cannot be read; check its name and its permissions");
        }
        jars.sort(null);
        return jars;
    }

    private boolean isPart(Jar jar) {
        return driver.parts().containsKey(jar.name());
    }

    private void put(Jar jar) {
        boolean host = jar.name().equals(driver.name());
        var hostOfJar = jar.host();
        if (!hostOfJar.equals(host ? "" : driver.name())) {
            throw new BadInputException(jar.file() + " is called " + jar.name() + " but is "
                    + (hostOfJar.isEmpty() ? "no fragment" : "a fragment of " + hostOfJar) + "; give the right jar");
        }
        jar.checkHeaders();
        var other = found.put(jar.name(), jar);
        if (other != null) {
            throw new BadInputException(other.file() + " and " + jar.file() + " are both " + jar.name()
                    + "; leave one of them out");
        }
    }

    private String parts() {
        return String.join(", ", driver.parts().keySet());
    }

    /** A fragment that does not attach to the new host would leave it without its native code. */
    private void checkFit() {
        var jar = found.get(driver.name());
        driver.parts().forEach((name, bundle) -> {
            if (bundle != driver.host()) {
                var fragment = found.get(name);
                var wanted = fragment != null ? fragment.headers().get(Constants.FRAGMENT_HOST)
                        : bundle.getHeaders().get(Constants.FRAGMENT_HOST);
                checkFit(name, wanted, jar != null ? jar.version() : driver.host().getVersion());
            }
        });
    }

    private void checkFit(String fragment, String fragmentHost, Version host) {
        var versions = versions(fragment, fragmentHost);
        if (!versions.includes(host)) {
            throw new BadInputException(fragment + " fits " + driver.name() + " " + versions + ", but that would be "
                    + host + "; give host and fragment of the same build");
        }
    }

    private static VersionRange versions(String fragment, String fragmentHost) {
        try {
            return Headers.hostVersions(fragmentHost);
        } catch (IllegalArgumentException odd) {
            throw new BadInputException(fragment + " names versions of its host that are none (Fragment-Host: "
                    + fragmentHost + "); build it with bnd");
        }
    }
}
