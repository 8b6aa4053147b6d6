// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.util.List;

/**
 * What a swap of a bundle stops for a moment and what it installs; everything else goes on. Immutable.
 *
 * @param sources identities of the sources that it publishes
 * @param analysers names of the analysers that it carries
 * @param stages of these, where they run now: {@code flow of sim.camera.1}
 * @param refreshed symbolic names of all bundles that the framework refreshes
 * @param parts the bundle and its fragments, the bundle first
 * @param refusal why it is refused, one sentence; null when it is tried
 */
public record Plan(List<String> sources, List<String> analysers, List<String> stages, List<String> refreshed,
        List<Part> parts, String refusal) {

    /** Lists are copied. */
    public Plan {
        sources = List.copyOf(sources);
        analysers = List.copyOf(analysers);
        stages = List.copyOf(stages);
        refreshed = List.copyOf(refreshed);
        parts = List.copyOf(parts);
    }

    /**
     * A bundle or fragment, as it is and as it will be; the same twice where no file was given for it. Immutable.
     *
     * @param name symbolic name
     * @param version of what runs
     * @param sha256 of the bytes that run, in lower case; when their file is gone, of what the framework kept of it
     * @param newVersion of what will run
     * @param newSha256 of the bytes that will run
     */
    public record Part(String name, String version, String sha256, String newVersion, String newSha256) {
    }
}
