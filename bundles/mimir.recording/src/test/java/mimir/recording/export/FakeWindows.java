// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Window.State;
import mimir.api.reservoir.Windows;

/** Windows that a test puts in as they are to be. Thread-safe. */
final class FakeWindows implements Windows {
    final Map<String, Window> windows = new ConcurrentHashMap<>();
    volatile int uses;

    /** Keeps a window, or what has become of it. */
    void put(String name, long fromNs, long toNs, State state, String reason) {
        windows.put(name, new Window(name, "a test", fromNs, toNs, toNs, state, reason, 0, Long.MAX_VALUE));
    }

    @Override
    public Window open(Request request) {
        throw new AssertionError("an export opens no window");
    }

    @Override
    public List<Window> list() {
        return List.copyOf(windows.values());
    }

    @Override
    public Optional<Window> find(String name) {
        return Optional.ofNullable(windows.get(name));
    }

    @Override
    public Reservoir.Pin use(String name) {
        if (!find(name).map(Window::kept).orElse(false)) {
            throw new BadInputException("there is no window '" + name + "'");
        }
        uses++;
        return () -> uses--;
    }

    @Override
    public boolean release(String name, String reason) {
        var window = windows.get(name);
        put(name, window.fromNs(), window.toNs(), State.RELEASED, reason);
        return true;
    }
}
