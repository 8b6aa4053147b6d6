// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployed.Outcome;
import mimir.swap.gate.Jar;

/**
 * One folder, and what happens to the jars in it: those that rest come in, host and fragments together; what cannot is
 * moved aside, unless it changes meanwhile. Confined to the thread that watches; {@link #settled} may be awaited
 * anywhere.
 */
final class LoadFolder {
    /** Copies of a pair follow each other in less. */
    static final Duration REST = Duration.ofSeconds(1);
    /** A copy that stands still for longer is not going on any more. */
    static final Duration STALLED = Duration.ofSeconds(10);

    private final Path path;
    private final Installation installation;
    private final Consumer<Deployed> told;
    private final Sightings sightings;
    private final Refused refused;
    private final CountDownLatch settled = new CountDownLatch(1);
    private boolean isFirst = true;

    LoadFolder(Path path, Installation installation, Consumer<Deployed> told) {
        this.path = path;
        this.installation = installation;
        this.told = told;
        this.sightings = new Sightings(path);
        this.refused = Refused.below(path);
    }

    Path path() {
        return path;
    }

    /** Open once the jars that lay there at the first look are in. */
    CountDownLatch settled() {
        return settled;
    }

    /**
     * Looks once, and brings in what is ready.
     *
     * @throws BadInputException when others can write to the folder by now
     * @throws IOException when it cannot be read
     */
    void look(long nowNs) throws IOException {
        OwnFolder.check(path);
        sightings.look(nowNs);
        if (isFirst || sightings.areAtRest(REST, nowNs)) {
            take(nowNs);
        }
        isFirst = false;
        settled.countDown();
    }

    /** A jar that is not whole yet may be a part of any other: all wait for it. */
    private void take(long nowNs) {
        var whole = new TreeMap<String, List<Path>>(); // not their bytes, which may be more than there is room for
        boolean waits = false;
        for (var file : sightings.fresh()) {
            try {
                whole.computeIfAbsent(Installation.host(read(file)), host -> new ArrayList<>()).add(file);
            } catch (IllegalArgumentException unsound) {
                if (sightings.isPlain(file) && !sightings.isAtRest(file, STALLED, nowNs)) {
                    waits = true;
                } else {
                    refuse(file.getFileName().toString(), List.of(file), unsound.getMessage());
                }
            }
        }
        if (!waits || isFirst) {
            whole.forEach(this::bring);
        }
    }

    private Jar read(Path file) {
        if (!sightings.isPlain(file)) {
            throw new BadInputException(file + " is a link or no file; copy the jar itself");
        }
        var jar = Jar.read(file);
        jar.checkHeaders();
        return jar;
    }

    private void bring(String host, List<Path> files) {
        try {
            var deployed = installation.bring(host, files.stream().map(this::read).toList());
            if (deployed.reason() == null) {
                files.forEach(sightings::handled);
                told.accept(deployed);
            } else {
                refuse(host, files, deployed.outcome(), deployed.reason());
            }
        } catch (IllegalArgumentException bad) {
            refuse(host, files, bad.getMessage());
        }
    }

    private void refuse(String name, List<Path> files, String reason) {
        refuse(name, files, Outcome.REFUSED, reason);
    }

    private void refuse(String name, List<Path> files, Outcome outcome, String reason) {
        if (files.stream().anyMatch(this::hasChanged)) {
            told.accept(new Deployed(Instant.now(), name, outcome, files, reason
                    + "; this folder tries it again when it is at rest"));
            return; // what lies there now is another one
        }
        var sentence = reason;
        for (var file : files) {
            try {
                sentence = refused.put(file, sentence);
            } catch (IOException | BadInputException stays) {
                sightings.handled(file); // or it would be tried again each second
                sentence += "; and it stays where it is (" + stays.getMessage() + ")";
            }
        }
        told.accept(new Deployed(Instant.now(), name, outcome, files, sentence));
    }

    private boolean hasChanged(Path file) {
        try {
            return sightings.hasChanged(file);
        } catch (IOException unseen) {
            return false; // and whoever moves it aside says why it stays
        }
    }
}
