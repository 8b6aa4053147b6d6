// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.Control;
import mimir.api.source.Controls;

/**
 * What can be set of a camera while it runs. A value goes to the camera on the caller's thread, about a millisecond
 * each; the native worker knows nothing of it. Thread-safe.
 */
final class Ps3EyeControls implements Controls {
    private final String id;
    private final Eyes eyes;
    private final int camera;
    private final List<Knob> knobs;
    private final Map<Knob, Long> values = new HashMap<>(); // guarded by this; what was set
    private boolean closed;                                 // guarded by this

    /** Of a camera that was opened. */
    Ps3EyeControls(String id, Eyes eyes, int camera, List<Knob> knobs, Map<String, Object> first) {
        this.id = id;
        this.eyes = eyes;
        this.camera = camera;
        this.knobs = knobs;
        for (var knob : knobs) {
            var value = first.get(knob.name());
            values.put(knob, value == null ? knob.usual() : knob.word(value));
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public synchronized List<Control> read() {
        check();
        var told = eyes.get(camera, knobs);
        var controls = new ArrayList<Control>();
        for (int at = 0; at < knobs.size(); at++) {
            var knob = knobs.get(at);
            controls.add(knob.control(told.get(at) == null ? values.get(knob) : told.get(at)));
        }
        return controls;
    }

    @Override
    public synchronized void write(Map<String, Object> given) {
        check();
        var words = new LinkedHashMap<Knob, Long>();
        for (var knob : knobs) {
            var value = given.get(knob.name());
            if (value != null) {
                words.put(knob, knob.word(knob.control(knob.usual()).check(value)));
            }
        }
        given.keySet().stream().filter(name -> knobs.stream().noneMatch(knob -> knob.name().equals(name))).findFirst()
                .ifPresent(name -> {
                    throw new BadInputException(id + " has no control '" + name + "'");
                });
        values.putAll(words);
        eyes.set(id, camera, words);
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException(id + " is gone; look for it with sources");
        }
    }

    /** From now on there is no camera. */
    synchronized void close() {
        closed = true;
    }
}
