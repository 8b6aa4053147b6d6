// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.swap.Swapped;
import mimir.ring.Profile;

/**
 * Swaps as fast as it can while everybody who could touch what goes is at it: a reader in the middle of a frame, one
 * asleep at the doorbell, a shell command, a write of controls. Made for a library under the address sanitizer; what
 * that finds ends the process. Confined to the thread that runs it; {@link #stop} may be called by any.
 */
final class FireSoak implements Proof, Findings {
    private static final String SWAPPED = "mimir.driver.sim";
    private static final String CAMERA = "sim.camera.1";
    private static final String AUDIO = "sim.audio.1";
    private static final Duration COME = Duration.ofSeconds(60);
    private static final Duration GO = Duration.ofSeconds(30);
    private static final long PROGRESS_NS = 10_000_000_000L;

    private final Services services;
    private final List<Build> builds;
    private final long lastsNs;
    private final List<String> failures = new ArrayList<>(); // guarded by this
    private final List<Fire> fires = new ArrayList<>();      // guarded by this
    private long swaps;                                      // guarded by this
    private volatile boolean stopping;

    FireSoak(Services services, List<Build> builds, Duration lasts) {
        this.services = services;
        this.builds = builds;
        lastsNs = lasts.toNanos();
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public Findings findings() {
        return this;
    }

    @Override
    public void run() {
        services.rigs().load(services.rig().toString(), Map.of());
        try {
            services.rigs().awaitSources(COME);
            burn();
        } finally {
            if (!stopping && !services.ending()) {
                services.rigs().unload(GO);
            }
        }
    }

    private void burn() {
        var camera = services.rings().find(CAMERA).orElseThrow();
        var audio = services.rings().find(AUDIO).orElseThrow();
        var readers = new Readings(camera, audio);
        synchronized (this) {
            fires.add(new Fire(services.workers(), "looks into a frame", readers::look));
            fires.add(new Fire(services.workers(), "waits at the doorbell", readers::await));
            fires.add(new Fire(services.workers(), "shell command", Commands.in(services.context())));
            fires.add(new Fire(services.workers(), "write of controls", Writes.in(services.context(), CAMERA)));
        }
        try (var followers = new Followers(services.workers(), "soak-fire", List.of(camera, audio),
                List.of(Profile.EVERY))) {
            long end = System.nanoTime() + lastsNs;
            long told = System.nanoTime();
            for (int number = 1; !stopping && !services.ending() && System.nanoTime() < end; number++) {
                swapped(services.swapper().swap(SWAPPED, builds.get(number % builds.size()).files()));
                if (System.nanoTime() - told > PROGRESS_NS) {
                    told = System.nanoTime();
                    System.err.println(progress());
                }
            }
        } finally {
            all().forEach(Fire::close);
            readers.close();
        }
    }

    private synchronized List<Fire> all() {
        return List.copyOf(fires);
    }

    private synchronized void swapped(Swapped swapped) {
        if (!stopping && !services.ending()) {
            swaps++;
            if (swapped.outcome() != Swapped.Outcome.SWAPPED) {
                failures.add(swapped.reason());
                System.err.println("swap " + swaps + ": " + swapped.outcome() + ", " + swapped.reason());
            }
        }
    }

    private synchronized String progress() {
        var text = new StringBuilder("swap ").append(swaps);
        fires.forEach(fire -> text.append(", ").append(fire.name()).append(' ').append(fire.times()));
        return text.toString();
    }

    @Override
    public String proof() {
        return "fire";
    }

    @Override
    public synchronized List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.add(Row.least("swaps", swaps, 1, ""));
        rows.add(Row.most("swaps that did not end with the new build delivering", failures.size(), 0, ""));
        for (var fire : fires) {
            rows.add(Row.least(fire.name() + ", times", fire.times(), swaps, ""));
            rows.add(Row.most(fire.name() + ", faults", fire.faults(), 0, ""));
        }
        return rows;
    }

    @Override
    public Map<String, Double> figures() {
        return Map.of();
    }

    @Override
    public synchronized Map<String, Object> details() {
        var details = new LinkedHashMap<String, Object>();
        details.put("failures", List.copyOf(failures));
        details.put("builds", builds.stream().map(Build::name).toList());
        return details;
    }
}
