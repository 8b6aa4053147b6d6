// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import mimir.api.swap.Swapped;
import mimir.ring.DropReason;
import mimir.ring.Profile;
import mimir.ring.Ring;

/**
 * Swaps one driver again and again, its two builds in turns, while another carries its load. Confined to the thread
 * that runs it; {@link #stop} may be called by any.
 */
final class SwapSoak implements Proof {
    private static final String SWAPPED = "mimir.driver.sim";
    private static final String LIBRARY = "libmimir_driver_sim.so";
    private static final String OTHERS = "sim.b.";
    private static final Duration COME = Duration.ofSeconds(30);
    private static final Duration GO = Duration.ofSeconds(10);
    private static final long LIMIT_NS = Duration.ofMinutes(24).toNanos();
    private static final long SEEN_WITHIN_NS = 5_000_000_000L;
    private static final long LOOK_NS = 2_000_000;
    private static final long PROGRESS_NS = 10_000_000_000L;
    private static final int BETWEEN_ITEMS = 5;

    private final Services services;
    private final List<Build> builds;
    private final Account account;
    private final int count;
    private final Resources resources = new Resources();
    private volatile boolean stopping;

    SwapSoak(Services services, List<Build> builds, int count) {
        this.services = services;
        this.builds = builds;
        this.count = count;
        account = new Account(count);
    }

    @Override
    public Findings findings() {
        return account;
    }

    /** It ends with the swap in hand. */
    @Override
    public void stop() {
        stopping = true;
    }

    /** Blocks until all swaps are made, the time is over or it is stopped. */
    @Override
    public void run() {
        services.rigs().load(services.rig().toString(), Map.of());
        try {
            services.rigs().awaitSources(COME);
            watched();
        } finally {
            if (!stopping && !services.ending()) {
                services.rigs().unload(GO);
            }
        }
    }

    private void watched() {
        try (var pulse = new Pulse(services.workers());
                var swapped = new Followers(services.workers(), "soak-swapped", rings(false),
                        List.of(Profile.EVERY, Profile.LATEST));
                var others = new Followers(services.workers(), "soak-others", rings(true), List.of(Profile.EVERY))) {
            await(swapped.all(), 0);
            long begin = System.nanoTime();
            long told = begin;
            int warm = Math.min(100, count / 3);
            int every = Math.max(1, (count - warm) / 90);
            for (int number = 1; number <= count && !over(begin); number++) {
                swap(number, swapped, pulse);
                account.others(others.lost(), atSource(), pulse.longestNs());
                if (number >= warm && (number - warm) % every == 0 && !stopping) {
                    account.add(resources.sample(LIBRARY));
                }
                if (System.nanoTime() - told > PROGRESS_NS) {
                    told = System.nanoTime();
                    System.err.println(account.progress());
                }
            }
        }
    }

    private boolean over(long begin) {
        return stopping || services.ending() || System.nanoTime() - begin > LIMIT_NS;
    }

    private List<Ring> rings(boolean others) {
        return services.rings().list().stream().filter(ring -> ring.identity().startsWith(OTHERS) == others).toList();
    }

    private void swap(int number, Followers followers, Pulse pulse) {
        var build = builds.get(number % builds.size());
        var before = followers.all().stream().map(Follower::seen).toList();
        var swapped = services.swapper().swap(SWAPPED, build.files());
        if (stopping || services.ending()) {
            return;
        }
        long missed = 0;
        long longest = 0;
        long still = 0;
        boolean told = true;
        await(followers.all(), BETWEEN_ITEMS);
        if (stopping || services.ending()) {
            return;
        }
        for (int at = 0; at < before.size(); at++) {
            var follower = followers.all().get(at);
            var seen = follower.seen();
            missed += sawOneChange(before.get(at), seen) ? 0 : 1;
            if (follower.seesAll()) {
                long gap = seen.afterNs() - seen.beforeNs();
                told &= gap == told(swapped, follower.source());
                still = gap > longest ? pulse.stillNs(seen.beforeNs(), seen.afterNs()) : still;
                longest = Math.max(longest, gap);
            }
        }
        account.add(new Account.Swap(build.name(), swapped.outcome().name(), longest, still, told, isMapped(build),
                missed));
    }

    private static boolean sawOneChange(Follower.Seen before, Follower.Seen after) {
        return after.epoch() == before.epoch() + 1 && after.changes() == before.changes() + 1
                && after.disorders() == before.disorders();
    }

    private static long told(Swapped swapped, String source) {
        return swapped.sources().stream().filter(gap -> gap.source().equals(source)).mapToLong(Swapped.Gap::gapNs)
                .findFirst().orElse(-1);
    }

    private static boolean isMapped(Build build) {
        var mapped = MappedLibrary.named(LIBRARY);
        return mapped.size() == 1 && build.is(mapped.getFirst());
    }

    /** Waits until each reader had some items of the epoch that its source has now. */
    private void await(List<Follower> followers, int items) {
        long end = System.nanoTime() + SEEN_WITHIN_NS;
        while (!stopping && !services.ending() && System.nanoTime() < end
                && !followers.stream().allMatch(follower -> isThere(follower, items))) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private boolean isThere(Follower follower, int items) {
        var seen = follower.seen();
        int epoch = services.rings().find(follower.source()).map(ring -> ring.stats().epoch()).orElse(0);
        return seen.epoch() == epoch && seen.items() > items;
    }

    private long atSource() {
        return rings(true).stream().flatMap(ring -> ring.stats().droppedAtSource().entrySet().stream())
                .filter(drop -> drop.getKey() != DropReason.MISSING).mapToLong(Map.Entry::getValue).sum();
    }
}
