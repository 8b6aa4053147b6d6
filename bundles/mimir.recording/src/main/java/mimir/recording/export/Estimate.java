// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import mimir.ring.Item;

/** Counts what an export would write, without looking at payload. Confined. */
final class Estimate implements Parts {
    private Layout layout;
    private long bytes;

    /** Bytes of all files. */
    long bytes() {
        return bytes;
    }

    @Override
    public void begin(Layout begun, int epoch, int part, long fromNs) {
        layout = begun;
        bytes += begun.headBytes();
    }

    @Override
    public void fill(Item before, long units) {
        bytes += units * layout.unitBytes();
    }

    @Override
    public void item(Item item, long units) {
        bytes += units * layout.unitBytes();
    }

    @Override
    public void end() {
        layout = null;
    }
}
