// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployed.Outcome;
import mimir.api.swap.Deployer;

/** Brings nothing in, but says that it did; what is called bad does not run. Confined. */
final class FakeDeployer implements Deployer {
    private final List<Deployed> history = new ArrayList<>();
    private Path folder;

    @Override
    public List<Deployed> install(List<Path> files) {
        if (files.getFirst().endsWith("unknown.jar")) {
            throw new BadInputException("unknown.jar is unknown here");
        }
        boolean bad = files.getFirst().endsWith("bad.jar");
        history.add(new Deployed(Instant.parse("2026-01-02T03:04:05Z"), "lab.blink",
                bad ? Outcome.ROLLED_BACK : Outcome.INSTALLED, files, bad ? "the new bundle did not run: no" : null));
        return List.of(history.getLast());
    }

    @Override
    public void watch(Path path) {
        folder = path;
    }

    @Override
    public Optional<Path> folder() {
        return Optional.ofNullable(folder);
    }

    @Override
    public boolean settle(Duration atMost) {
        return true;
    }

    @Override
    public List<Deployed> history() {
        return List.copyOf(history);
    }
}
