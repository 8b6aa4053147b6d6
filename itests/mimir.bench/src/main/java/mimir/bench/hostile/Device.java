// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import mimir.bench.NativeCode;
import mimir.engine.analysis.KnownSource;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.Rings;

/** A capture thread in C, of class CRITICAL, and its ring. Confined to the main thread. */
public final class Device implements AutoCloseable {
    private static final MethodHandle START = NativeCode.function("bench_device_start",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle STOP = NativeCode.function("bench_device_stop",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT));
    private static final MethodHandle TOOK = NativeCode.function("bench_device_took",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final double SECOND_NS = 1e9;

    private final RingOwner owner;
    private final KnownSource source;
    private final double perSecond;
    private int number = -1;

    /** One that does not run yet. */
    public Device(Rings rings, String id, int itemKind, RingFormat format) {
        perSecond = itemKind == Abi.ITEM_AUDIO ? format.rateHz() / format.height() : format.rateHz();
        owner = rings.open(new RingSpec(id, itemKind, perSecond, format.payloadBytes(), format,
                RingSpec.Writer.NATIVE), "mimir.bench");
        source = new KnownSource(id, owner.ring(), itemKind, format, true);
    }

    /** What it writes. */
    public KnownSource source() {
        return source;
    }

    /** Its thread begins. */
    public void start() {
        var format = source.format();
        try {
            number = (int) START.invokeExact(owner.region(), owner.region().byteSize(), owner.hints(), format.width(),
                    format.height(), format.payloadBytes(), (long) (SECOND_NS / perSecond));
        } catch (Throwable never) {
            throw new IllegalStateException("a device in C could not be started", never);
        }
        if (number < 0) {
            throw new IllegalStateException("a device in C did not start: error " + -number);
        }
    }

    /** Returns how many items it published. */
    public long stop() {
        try {
            return (long) STOP.invokeExact(number);
        } catch (Throwable never) {
            throw new IllegalStateException("a device in C could not be stopped", never);
        }
    }

    /** How long it took to publish an item, one of the newest 65,536, once it was stopped, ns. */
    public long tookNs(long item) {
        try {
            return Integer.toUnsignedLong((int) TOOK.invokeExact(number, item));
        } catch (Throwable never) {
            throw new IllegalStateException("a device in C does not tell its times", never);
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
