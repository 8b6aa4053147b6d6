// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import mimir.ring.RingOwner;

/** Cameras that only keep account of what was done with them. Confined. */
final class FakeEyes implements Eyes, Camera.Fleet {
    private static final long READY = 1;
    private static final long STREAMING = 2;

    final List<UsbDevice> plugged = new ArrayList<>();
    final List<String> done = new ArrayList<>();
    String refusal = "";
    boolean hangs;
    private final Places places = new Places(Map.of());
    private MemorySegment counts;

    /** Puts a camera's state into what the native thread would have written. */
    void state(long state) {
        Struct.COUNTS.put(counts, "state", state);
    }

    private void refuse() {
        if (!refusal.isEmpty()) {
            throw new IllegalStateException(refusal);
        }
    }

    @Override
    public List<UsbDevice> list() {
        return List.copyOf(plugged);
    }

    @Override
    public int add(Settings settings, Place place, RingOwner ring, MemorySegment memory) {
        done.add("add " + place);
        refuse();
        counts = memory;
        state(READY);
        return 7;
    }

    @Override
    public void attach(int camera, Place place) {
        done.add("attach " + place);
        refuse();
        state(READY);
    }

    @Override
    public void start(int camera, Place place) {
        done.add("start");
        state(STREAMING);
    }

    @Override
    public void set(String id, int camera, Map<Knob, Long> values) {
        done.add("set " + values.values());
    }

    @Override
    public List<Long> get(int camera, List<Knob> knobs) {
        return new ArrayList<>(Collections.nCopies(knobs.size(), null));
    }

    @Override
    public boolean remove(int camera) {
        done.add("remove");
        return !hangs;
    }

    @Override
    public Places places() {
        return places;
    }

    @Override
    public List<Knob> knobs() {
        return Table.KNOBS;
    }

    @Override
    public Places.Claim claim(Settings settings, List<UsbDevice> devices, boolean lower) {
        return places.claim(settings, devices, Table.MODES);
    }
}
