// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

/**
 * Starts the devices of one rig entry at one instant, so that recordings which belong together (two cameras, a camera
 * and its sound) stay together. Immutable; called on the decoder's thread.
 */
final class GroupStart {
    private static final long MOST_WAIT_NS = 3_000_000_000L;
    private static final long LEAD_NS = 20_000_000;

    private GroupStart() {
    }

    /** Starts what is ready. True when something was started. */
    static boolean look(Entry[] entries, long nowNs) {
        boolean any = false;
        for (var entry : entries) {
            if (entry.waits() && mayStart(entry, entries, nowNs)) {
                startAll(entry.device.settings().group(), entries, nowNs + LEAD_NS);
                any = true;
            }
        }
        return any;
    }

    /** When all of the group have settled; when the others run already; when the others took too long. */
    private static boolean mayStart(Entry entry, Entry[] entries, long nowNs) {
        var settings = entry.device.settings();
        int settled = 0;
        for (var other : entries) {
            if (other.device.settings().group().equals(settings.group())) {
                settled += other.settled() ? 1 : 0;
                if (other.runs()) {
                    return true;
                }
            }
        }
        return settled >= settings.members() || nowNs - entry.primedNs() > MOST_WAIT_NS;
    }

    private static void startAll(String group, Entry[] entries, long atNs) {
        for (var entry : entries) {
            if (entry.waits() && entry.device.settings().group().equals(group)) {
                entry.player.start(atNs);
            }
        }
    }
}
