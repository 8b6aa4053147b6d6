// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mimir.api.BadInputException;
import mimir.api.recording.Triggers;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Window.State;
import mimir.api.reservoir.Windows;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;

/** Threads: confined. */
class WindowCommandTest {
    private static final long S = 1_000_000_000L;

    private final Book book = new Book();
    private final List<Object> asked = new ArrayList<>();
    private final Command command = new WindowCommand(new FakeServices(book, triggers(),
            new FakeAttachments(3).service()));

    @Test
    void shouldOpenListAndReleaseWindows() {
        assertThat(run("open", "--pre", "10s", "--post", "5s")).isEqualTo(
                "window w1 is kept; export --window w1 --to DIR writes it");
        assertThat(book.asked.preNs()).isEqualTo(10 * S);
        assertThat(book.asked.postNs()).isEqualTo(5 * S);
        assertThat(book.asked.holdNs()).isEqualTo(60 * S);
        run("open", "mine", "--pre", "1s", "--hold", "2m");
        assertThat(book.asked.name()).isEqualTo("mine");
        assertThat(book.asked.holdNs()).isEqualTo(120 * S);

        assertThat(run()).contains("WINDOW  STATE", "w1      complete     15.00  1.0", "mine    complete      1.00");
        assertThat(run("list", "--json")).contains("\"name\" : \"w1\"", "\"state\" : \"complete\"",
                "\"seconds\" : 15.0", "\"triggers\" : [");
        assertThat(command.candidates(null, List.of("release"))).containsExactly("w1", "mine");
        assertThat(run("release", "w1")).isEqualTo("window w1 is released");
        assertThatThrownBy(() -> run("release", "w1")).isInstanceOf(BadInputException.class)
                .hasMessage("no window 'w1' is kept; there is mine");
    }

    @Test
    void shouldGiveTheReasonOfARefusal() {
        book.refuses = true;
        assertThatThrownBy(() -> run("open", "--pre", "10s")).isInstanceOf(BadInputException.class)
                .hasMessage("the window is refused: too long");
    }

    @Test
    void shouldArmAndDisarmTriggers() {
        assertThat(run("on", "keys", "7", "--pre", "1s")).isEqualTo("trigger t1 opens a window on something");
        assertThat(asked).containsExactly("onEvent", "keys", "7", new Triggers.Span(S, 0, 60 * S));
        asked.clear();
        run("on", "keys", "--post", "1s");
        assertThat(asked).startsWith("onEvent", "keys", "");
        asked.clear();
        run("on", "cam.1", "level", "peak", "--above", "-20", "--pre", "1s");
        assertThat(asked).startsWith("onResult", "cam.1", "mimir.level@1", "peak", -20.0);
        assertThatThrownBy(() -> run("on", "cam.1", "flow", "x", "--above", "1", "--pre", "1s"))
                .hasMessage("there are no results 'flow' of cam.1; there is mimir.level@1");
        assertThatThrownBy(() -> run("on", "cam.1", "level", "peak", "--pre", "1s"))
                .hasMessage("window on with a type and a field needs --above NUMBER");
        assertThatThrownBy(() -> run("on", "cam.1", "level", "peak", "--above", "much", "--pre", "1s"))
                .hasMessage("--above cannot be 'much': give a number, such as 0.5 or -20");
        assertThat(command.candidates(null, List.of("on", "cam.1", "level"))).contains("peak");
        assertThatThrownBy(() -> run("off", "t9")).hasMessage("there is no trigger 't9'; there is none");
    }

    private String run(String... words) {
        return command.run(command.syntax().parse(List.of(words)), line -> { }).text();
    }

    private Triggers triggers() {
        return (Triggers) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Triggers.class},
                (proxy, method, words) -> {
                    if (method.getName().equals("list")) {
                        return List.of();
                    }
                    if (method.getName().equals("remove")) {
                        return false;
                    }
                    asked.add(method.getName());
                    asked.addAll(List.of(words));
                    return new Triggers.Trigger("t1", "something", new Triggers.Span(S, 0, S), 0, 0, 0, 0, "");
                });
    }

    /** Every window is complete at once. Confined. */
    private static final class Book implements Windows {
        private final List<Window> windows = new ArrayList<>();
        private Request asked;
        private boolean refuses;

        @Override
        public Window open(Request request) {
            asked = request;
            var name = request.name().isEmpty() ? "w" + (windows.size() + 1) : request.name();
            var window = new Window(name, request.cause(), request.triggerNs() - request.preNs(), request.triggerNs(),
                    request.triggerNs() + request.postNs(), refuses ? State.REFUSED : State.COMPLETE,
                    refuses ? "too long" : "", 1 << 20, HostClock.nowNs() + request.holdNs());
            windows.add(window);
            return window;
        }

        @Override
        public List<Window> list() {
            return List.copyOf(windows);
        }

        @Override
        public Optional<Window> find(String name) {
            throw new AssertionError("the shell has no use for it");
        }

        @Override
        public Reservoir.Pin use(String name) {
            throw new AssertionError("the shell reads no window");
        }

        @Override
        public boolean release(String name, String reason) {
            return windows.removeIf(window -> window.name().equals(name));
        }
    }
}
