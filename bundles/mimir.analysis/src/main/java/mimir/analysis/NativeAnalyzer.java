// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.Item;
import mimir.ring.Lease;
import mimir.ring.RingFormat;

/**
 * An analyser whose work a native processor does, on the memory of the item and of the results themselves. The item and
 * what is attached to it stay mapped as long as the call runs, for their readers hold the regions. Confined as every
 * analyser is, but for {@link #close}.
 */
abstract class NativeAnalyzer implements Analyzer {
    private final AnalysisLibrary library;
    private final String name;
    private final List<Parameter> parameters;
    private final Types needs;
    private final Types outputs;
    private RingFormat format;
    private MemorySegment staging;   // for payloads that C must not read where they lie
    private boolean doubtful;        // what the state holds of earlier items may be wrong
    private volatile NativeProcessor processor;

    /** Types in the order of the processor, and how they lie. Immutable. */
    private record Types(List<Class<? extends Attachment>> types, List<AttachmentLayout> layouts) {
        static Types of(List<Class<? extends Attachment>> types) {
            return new Types(types, types.stream().map(AttachmentLayout::of).toList());
        }

        Class<? extends Attachment> type(int index) {
            return types.get(index);
        }

        long fieldBytes(int index) {
            return layouts.get(index).bytes();
        }

        int count() {
            return types.size();
        }
    }

    NativeAnalyzer(AnalysisLibrary library, String name, List<Class<? extends Attachment>> needs,
            Class<? extends Attachment> output, Parameter... parameters) {
        this.library = library;
        this.name = name;
        this.needs = Types.of(needs);
        this.outputs = Types.of(List.of(output));
        this.parameters = List.of(parameters);
    }

    @Override
    public final long tailBytes(Class<? extends Attachment> type, Stage stage) {
        try (var arena = Arena.ofConfined()) {
            var entry = arena.allocate(ProcessorCall.FORMAT_BYTES, Long.BYTES);
            ProcessorCall.format(entry, stage.format(0));
            return library.functions(name).tailBytes(entry, outputs.types().indexOf(type));
        }
    }

    @Override
    public final void begin(Stage stage) {
        var now = stage.format(0);
        doubtful = true;
        if (!now.equals(format)) {
            close();
            var made = library.open(library.functions(name), now);
            try {
                parameters.forEach(parameter -> made.set(parameter.name(), parameter.of(stage)));
            } catch (RuntimeException wrong) {
                made.close();
                throw wrong;
            }
            processor = made;
            format = now;
            staging = null;
        }
    }

    @Override
    public final void analyze(Input input, Attacher results) {
        var entered = processor;
        if (entered == null || !entered.enter()) {
            throw gone();
        }
        try {
            look(entered, input, results);
        } finally {
            entered.call().letGo();
            entered.leave();
        }
    }

    private IllegalStateException gone() {
        return new IllegalStateException("the native state of the analyser " + name + " is gone with its bundle; attach"
                + " it again");
    }

    private IllegalStateException misbehaved(long frames) {
        return new IllegalStateException("the native processor " + name + (frames < 0 || frames > Integer.MAX_VALUE
                ? " says that its results cover " + Long.toUnsignedString(frames) + " sample frames; correct "
                + "span_frames"
                : " has written beyond what it was given; correct it, and restart Mimir, whose memory it may have "
                + "spoilt"));
    }

    private void look(NativeProcessor entered, Input input, Attacher results) {
        var item = input.item();
        var call = entered.call();
        var payload = payload(item);
        call.item(item.descriptor(), payload, payload == staging ? 0 : item.offset(), item.length());
        call.history(doubtful, input.missed());
        doubtful = true;
        if (!tellNeeds(call, input)) {
            return;
        }
        attach(call, entered.due(), results);
        entered.process();
        long frames = call.spanFrames();
        if (!call.sound() || frames < 0 || frames > Integer.MAX_VALUE) {
            throw misbehaved(frames);
        }
        if (frames > 0) {
            results.span(call.spanFirst(), (int) frames);
        }
        doubtful = !item.intact();
    }

    /** Memory in a file that somebody cuts ends the process when C reads it; Java is told, so it fetches the bytes. */
    private MemorySegment payload(Item item) {
        if (!(item instanceof Lease lease) || lease.sealed()) {
            return item.memory();
        }
        if (staging == null || staging.byteSize() < item.length()) {
            staging = Arena.ofAuto().allocate(item.length(), Long.BYTES);
        }
        lease.copyOut(staging, 0);
        return staging;
    }

    private boolean tellNeeds(ProcessorCall call, Input input) {
        for (int i = 0; i < needs.count(); i++) {
            var need = input.attachment(needs.type(i));
            if (need == null) {
                return false;
            }
            call.need(i, need, needs.fieldBytes(i));
        }
        return true;
    }

    private void attach(ProcessorCall call, int due, Attacher results) {
        for (int i = 0; i < outputs.count(); i++) {
            if ((due & 1 << i) != 0) {
                call.result(i, results.attach(outputs.type(i), call.tailBytes(i)), outputs.fieldBytes(i));
            } else {
                call.noResult(i);
            }
        }
    }

    @Override
    public final void close() {
        var ending = processor;
        if (ending != null) {
            processor = null;
            format = null;
            ending.close();
        }
    }
}
