// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;

/** What opens a window and what does not. Threads: confined. */
class WatchTest {
    private final List<String> happened = new ArrayList<>();

    @Test
    void shouldKnowAnEventByItsCodeOrItsName() {
        var code = bytes(7, 9);
        var name = "start\0rest".getBytes(StandardCharsets.UTF_8);
        for (boolean inline : new boolean[] {true, false}) {
            assertThat(fires("7", inline, code)).isTrue();
            assertThat(fires("8", inline, code)).isFalse();
            assertThat(fires("-2", inline, bytes(-2))).isTrue();
            assertThat(fires("4294967294", inline, bytes(-2))).isTrue();
            assertThat(fires("7", inline, new byte[] {7})).as("too short for a number").isFalse();
            assertThat(fires("start", inline, name)).isTrue();
            assertThat(fires("star", inline, name)).isFalse();
            assertThat(fires("start it", inline, name)).isFalse();
            assertThat(fires("start", inline, "start".getBytes(StandardCharsets.UTF_8))).isTrue();
            assertThat(fires("", inline, code)).isTrue();
        }
        assertThat(happened.getFirst()).isEqualTo("5 event 7 of keys");
        assertThat(happened.getLast()).isEqualTo("5 an event of keys");
    }

    private boolean fires(String event, boolean inline, byte[] payload) {
        int before = happened.size();
        var watch = new EventWatch(cursor(inline, payload), "keys", event);
        assertThat(watch.look((at, cause) -> happened.add(at + " " + cause))).isOne();
        assertThat(watch.look((at, cause) -> happened.add("again"))).isZero();
        return happened.size() > before;
    }

    private static byte[] bytes(int... words) {
        var buffer = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }

    /** One item at time 5, in its descriptor or beside it. */
    private static ReservoirCursor cursor(boolean inline, byte[] payload) {
        var memory = MemorySegment.ofArray(new long[32]);
        var descriptor = new Descriptor();
        if (inline) {
            MemorySegment.copy(MemorySegment.ofArray(payload), 0, memory, 80, payload.length); // the handle
            memory.set(ValueLayout.JAVA_LONG, 56, payload.length);
            memory.set(ValueLayout.JAVA_INT, 64, Abi.PAYLOAD_INLINE);
            descriptor.load(memory, 0);
        } else {
            MemorySegment.copy(MemorySegment.ofArray(payload), 0, memory, 128, payload.length);
            descriptor.shape(1, 1, 1, payload.length).payload(Abi.PAYLOAD_MEMORY, 0, 0, 0);
        }
        var left = new int[] {1};
        return (ReservoirCursor) Proxy.newProxyInstance(WatchTest.class.getClassLoader(),
                new Class<?>[] {ReservoirCursor.class}, (proxy, method, none) -> switch (method.getName()) {
                    case "next" -> left[0]-- > 0;
                    case "descriptor" -> descriptor;
                    case "memory" -> memory;
                    case "offset" -> 128L;
                    case "length" -> inline ? 0L : (long) payload.length;
                    case "intact" -> true;
                    case "canonicalNs" -> 5L;
                    default -> throw new AssertionError(method);
                });
    }

    @Test
    void shouldFireOnceEachTimeTheValueRisesAboveTheThreshold() {
        var field = new AttachmentLayout.Field("peak", float.class, 2, 0, "dBFS");
        var layout = new AttachmentLayout("mimir.level", 1, 8, List.of(field));
        var results = new Results(new float[][] {{0, -30}, {0, -10}, {0, -5}, {0, -20}, {0, Float.NaN}, {0, -3}});

        var watch = new ResultWatch(results.service(), "mic", layout, field, 1, -20, 0);

        assertThat(watch.look((at, cause) -> happened.add(at + " " + cause))).isEqualTo(6);
        assertThat(happened).containsExactly("2 peak of mic is -10.000, above -20.0",
                "6 peak of mic is -3.0000, above -20.0");
        watch.close();
        assertThat(results.closed).isTrue();
    }

    /** Results at the times 1, 2, 3 … Confined. */
    private static final class Results {
        private final float[][] values;
        private int at;
        private boolean closed;

        Results(float[][] values) {
            this.values = values;
        }

        Attachments service() {
            return (Attachments) proxy(Attachments.class, name -> reader());
        }

        @SuppressWarnings("unchecked")
        private AttachmentReader<Attachment> reader() {
            return (AttachmentReader<Attachment>) proxy(AttachmentReader.class, name -> switch (name) {
                case "next" -> at++ < values.length;
                case "get" -> result();
                case "hostTimeNs" -> (long) at;
                case "intact" -> true;
                case "close" -> {
                    closed = true;
                    yield null;
                }
                default -> null;
            });
        }

        private Object result() {
            var memory = MemorySegment.ofArray(values[at - 1]);
            return proxy(Attachment.class, name -> name.equals("memory") ? memory : 0L);
        }

        private static Object proxy(Class<?> type, Function<String, Object> answers) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, words) ->
                    answers.apply(method.getName()));
        }
    }
}
