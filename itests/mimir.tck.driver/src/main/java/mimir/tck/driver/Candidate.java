// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarFile;
import mimir.api.BadInputException;
import mimir.api.swap.Deployer;
import mimir.api.swap.Swapped;
import org.osgi.framework.Constants;

/**
 * The driver that is put through the kit, brought into the platform. Immutable.
 *
 * @param name symbolic name of its host
 * @param version of its host
 * @param files what it was brought from, with their SHA-256; empty when it was there
 */
record Candidate(String name, String version, Map<String, String> files) {
    private static final String KIT_FILE = "META-INF/mimir/tck.json";
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long LOOK_NS = 2_000_000;

    /**
     * Brings it in: a driver that is installed is swapped for these files, another one is installed.
     *
     * @throws BadInputException when the files are no driver; {@link IllegalStateException} when it does not run
     */
    static Candidate bring(Platform platform, List<String> given) {
        if (given.size() == 1 && !Files.exists(Path.of(given.getFirst()))
                && platform.driver(given.getFirst()).isPresent()) {
            return of(platform, given.getFirst(), Map.of());
        }
        var jars = jars(given);
        var hosts = jars.keySet().stream().filter(jar -> header(jar, Constants.FRAGMENT_HOST).isEmpty()).toList();
        if (hosts.size() != 1) {
            throw new BadInputException("the files are " + hosts.size() + " drivers; give the jar of one host, and "
                    + "that of its fragment");
        }
        var name = header(hosts.getFirst(), Constants.BUNDLE_SYMBOLICNAME);
        if (name.isEmpty()) {
            throw new BadInputException(hosts.getFirst() + " is a jar but no bundle; give the jar of a driver");
        }
        if (platform.bundle(name).isPresent()) {
            swap(platform, name, List.copyOf(jars.keySet()));
        } else {
            install(platform, List.copyOf(jars.keySet()));
        }
        var hashes = new LinkedHashMap<String, String>();
        jars.forEach((jar, hash) -> hashes.put(jar.getFileName().toString(), hash));
        return of(platform, name, hashes);
    }

    private static Candidate of(Platform platform, String name, Map<String, String> hashes) {
        long end = System.nanoTime() + PATIENCE_NS;
        while (platform.driver(name).isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(name + " offers no Driver; the log says what its components lack");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        var version = platform.bundle(name).map(bundle -> bundle.getVersion().toString()).orElse("");
        return new Candidate(name, version, hashes);
    }

    private static Map<Path, String> jars(List<String> given) {
        var jars = new ArrayList<Path>();
        for (var word : given) {
            var path = Path.of(word).toAbsolutePath();
            if (Files.isDirectory(path)) {
                jars.addAll(jarsIn(path));
            } else if (Files.isRegularFile(path) && Files.isReadable(path)) {
                jars.add(path);
            } else {
                throw new BadInputException(word + " is neither a file that can be read nor a driver that runs; give "
                        + "the jars of a driver and of its fragment");
            }
        }
        var hashes = new LinkedHashMap<Path, String>();
        jars.forEach(jar -> hashes.put(jar, sha256(jar)));
        return hashes;
    }

    private static List<Path> jarsIn(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException refused) {
            throw new BadInputException("the folder " + folder + " cannot be read; check its permissions");
        }
    }

    private static String sha256(Path file) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read (" + refused.getMessage() + "); copy it again");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** The name at the front of a header, empty when there is none. */
    private static String header(Path file, String name) {
        try (var jar = new JarFile(file.toFile())) {
            var value = jar.getManifest() == null ? null : jar.getManifest().getMainAttributes().getValue(name);
            return value == null ? "" : value.split(";")[0].strip();
        } catch (IOException damaged) {
            throw new BadInputException(file + " is no sound jar (" + damaged.getMessage() + "); build or copy it "
                    + "again");
        }
    }

    private static void swap(Platform platform, String name, List<Path> files) {
        var swapped = platform.swapper().swap(name, files);
        if (swapped.outcome() != Swapped.Outcome.SWAPPED) {
            throw new IllegalStateException(name + " could not be brought in: " + swapped.reason());
        }
    }

    private static void install(Platform platform, List<Path> jars) {
        var context = platform.context();
        var deployer = context.getService(platform.reference(Deployer.class, null).orElseThrow(() ->
                new IllegalStateException("nobody brings bundles in; start mimir.swap")));
        for (var deployed : deployer.install(jars)) {
            if (deployed.reason() != null) {
                throw new IllegalStateException(deployed.bundle() + " could not be brought in: " + deployed.reason());
            }
        }
    }

    /**
     * What it offers to the kit.
     *
     * @param rig a file in place of its own, or null
     */
    KitPlan plan(Platform platform, Path rig) {
        try {
            if (rig != null) {
                return KitPlanReader.read(rig.getFileName().toString(), Files.readString(rig));
            }
            var entry = platform.bundle(name).map(bundle -> bundle.getEntry(KIT_FILE)).orElse(null);
            if (entry == null) {
                throw new BadInputException(name + " has no " + KIT_FILE + "; put one into its jar, or give --rig FILE "
                        + "(docs/write-a-driver.md)");
            }
            try (var text = entry.openStream()) {
                return KitPlanReader.read(name + ", " + KIT_FILE, new String(text.readAllBytes(),
                        StandardCharsets.UTF_8));
            }
        } catch (IOException refused) {
            throw new BadInputException("the kit file of " + name + " cannot be read (" + refused.getMessage() + ")");
        }
    }
}
