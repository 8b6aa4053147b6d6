// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** Registers analysers: one that is as it should be, and four that are not. Confined. */
final class PlantedAnalyzers implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    private static final int CHUNKS_A_FRAME = 280; // at 60 frames a second a little more than 1 GiB each second

    private final BundleContext context;
    private final List<ServiceRegistration<?>> offers = new ArrayList<>();
    private volatile boolean spinning = true;
    private volatile Object eaten = "";

    PlantedAnalyzers(BundleContext context) {
        this.context = context;
    }

    /** Reads the number that the device wrote into the frame. */
    void mark(String name) {
        offer(name, Marks.Mark.class, () -> (input, results) -> {
            var frame = input.frame();
            long at = frame.planeOffset(0);
            var mark = results.attach(Marks.Mark.class);
            mark.number(frame.memory().get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8));
            mark.pixel(frame.memory().get(ValueLayout.JAVA_BYTE, at) & 0xff);
        });
    }

    /** All of them, by the names {@code itest-sleep}, {@code -throw}, {@code -spin} and {@code -eat}. */
    void hostile() {
        var never = new CountDownLatch(1);
        offer("itest-sleep", Marks.Slept.class, () -> (input, results) ->
                results.attach(Marks.Slept.class).number(never.await(10, TimeUnit.SECONDS) ? 1 : 0));
        offer("itest-throw", Marks.Thrown.class, () -> (input, results) -> {
            results.attach(Marks.Thrown.class).number(1);
            throw new IllegalStateException("the lens cap is on");
        });
        offer("itest-spin", Marks.Spun.class, () -> (input, results) -> {
            results.attach(Marks.Spun.class);
            while (spinning) {
                Thread.onSpinWait();
            }
        });
        offer("itest-eat", Marks.Eaten.class, () -> (input, results) -> {
            for (int chunk = 0; chunk < CHUNKS_A_FRAME; chunk++) {
                eaten = new byte[CHUNK];
            }
            results.attach(Marks.Eaten.class).bytes((long) CHUNK * CHUNKS_A_FRAME);
        });
    }

    /** Two more: {@code itest-unborn} stays in its constructor, {@code itest-cling} in its close. */
    void hanging() {
        offer("itest-unborn", Marks.Slept.class, () -> {
            hang();
            return (input, results) -> results.attach(Marks.Slept.class).number(1);
        });
        offer("itest-cling", Marks.Thrown.class, () -> new Analyzer() {
            @Override
            public void analyze(Input input, Attacher results) {
                results.attach(Marks.Thrown.class).number(1);
            }

            @Override
            public void close() {
                hang();
            }
        });
    }

    private void hang() {
        while (spinning) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Lets those return at last that spin or hang. */
    void endSpin() {
        spinning = false;
    }

    private void offer(String name, Class<? extends Attachment> output, Supplier<Analyzer> maker) {
        var properties = new Hashtable<String, Object>();
        properties.put(Analysis.PREFIX_ + "name", name);
        properties.put(Analysis.PREFIX_ + "outputs", new String[] {output.getName()});
        properties.put(Analysis.PREFIX_ + "budgetMicros", 20_000L);
        offers.add(context.registerService(Analyzer.class, new PrototypeServiceFactory<Analyzer>() {
            @Override
            public Analyzer getService(Bundle bundle, ServiceRegistration<Analyzer> registration) {
                return maker.get();
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Analyzer> registration, Analyzer analyzer) {
                analyzer.close();
            }
        }, properties));
    }

    @Override
    public void close() {
        endSpin();
        offers.forEach(ServiceRegistration::unregister);
        offers.clear();
    }
}
