// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.List;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Attachments;
import mimir.ring.HostClock;
import mimir.ring.Item;

/** Results of mimir.level@1 of cam.1: numbers from 0, ten milliseconds apart, the last of them now. Confined. */
final class FakeAttachments {
    static final AttachmentLayout LEVEL = new AttachmentLayout("mimir.level", 1, 16, List.of(
            new AttachmentLayout.Field("peak", float.class, 1, 0, "dBFS"),
            new AttachmentLayout.Field("blocks", int.class, 1, 4, "1"),
            new AttachmentLayout.Field("bands", short.class, 4, 8, "levels")));
    private static final long STEP_NS = 10_000_000;

    final int results;
    private final long endNs = HostClock.nowNs();
    int open;

    FakeAttachments(int results) {
        this.results = results;
    }

    /** Answers what the shell asks, and nothing else. */
    Attachments service() {
        return (Attachments) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Attachments.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "reader" -> reader((AttachmentLayout) arguments[1]);
                    case "types" -> arguments[0].equals("cam.1") ? List.of(LEVEL) : List.of();
                    default -> throw new AssertionError("the shell has no use for " + method);
                });
    }

    private AttachmentReader<Attachment> reader(AttachmentLayout layout) {
        assertThat(layout).isEqualTo(LEVEL);
        open++;
        return new Reader();
    }

    private final class Reader implements AttachmentReader<Attachment> {
        private final MemorySegment memory = MemorySegment.ofArray(new long[4]);
        private int at = -1;

        @Override
        public AttachmentState look(Item item) {
            return AttachmentState.ABSENT;
        }

        @Override
        public AttachmentState look(int epoch, long sequence) {
            return AttachmentState.ABSENT;
        }

        @Override
        public AttachmentState lookAtSample(int epoch, long sample) {
            return AttachmentState.ABSENT;
        }

        @Override
        public void seek(long hostTimeNs) {
            at = -1;
            while (at + 1 < results && timeOf(at + 1) < hostTimeNs) {
                at++;
            }
        }

        private long timeOf(int number) {
            return endNs - (results - 1 - number) * STEP_NS;
        }

        @Override
        public boolean next() {
            boolean more = at + 1 < results;
            at += more ? 1 : 0;
            memory.set(ValueLayout.JAVA_FLOAT, 8, at / 3f);
            memory.set(ValueLayout.JAVA_INT, 12, at);
            for (int band = 0; band < 4; band++) {
                memory.set(ValueLayout.JAVA_SHORT, 16 + 2 * band, (short) (band - at));
            }
            return more;
        }

        @Override
        public boolean await(long timeoutNs) {
            return false;
        }

        @Override
        public Attachment get() {
            return new Attachment() {
                @Override
                public MemorySegment memory() {
                    return memory;
                }

                @Override
                public long offset() {
                    return 8;
                }

                @Override
                public long tailOffset() {
                    return 24;
                }

                @Override
                public long tailBytes() {
                    return 0;
                }
            };
        }

        /** Number 3 was overwritten while it was read. */
        @Override
        public boolean intact() {
            return at != 3;
        }

        @Override
        public int epoch() {
            return 1;
        }

        @Override
        public long sequence() {
            return 100 + at;
        }

        @Override
        public long hostTimeNs() {
            return timeOf(at);
        }

        @Override
        public long completedNs() {
            return timeOf(at) + (at == results - 1 ? 0 : STEP_NS / 4);
        }

        @Override
        public long firstSample() {
            return 64L * at;
        }

        @Override
        public int sampleFrames() {
            return 64;
        }

        @Override
        public long missed() {
            return 1;
        }

        @Override
        public void close() {
            open--;
        }
    }
}
