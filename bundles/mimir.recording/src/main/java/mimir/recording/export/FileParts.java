// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mimir.ring.Item;

/** Writes the parts of sources into the files of one export. Confined. */
final class FileParts implements Parts, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final ExportFolder folder;
    private final Progress progress;
    private final Writeback writeback;
    private final Blocks blocks;
    private final List<Written> written = new ArrayList<>();
    private ByteBuffer buffer; // null while no file needed it
    private String source;
    private Layout layout;
    private Output out;
    private Path name;
    private long fromNs;
    private long units;
    private long bytesBefore;

    FileParts(ExportFolder folder, Progress progress, Writeback writeback, Blocks blocks) {
        this.folder = folder;
        this.progress = progress;
        this.writeback = writeback;
        this.blocks = blocks;
    }

    /** The parts that follow are of this source. */
    FileParts source(String id) {
        source = id;
        return this;
    }

    /**
     * A file. Immutable.
     *
     * @param fromNs canonical time of its first item, ns
     */
    record Written(String source, Path file, long items, double seconds, long bytes, long fromNs) {
    }

    /** What was written, in order. */
    List<Written> written() {
        return List.copyOf(written);
    }

    @Override
    public void begin(Layout begun, int epoch, int part, long beginNs) throws IOException {
        layout = begun;
        fromNs = beginNs;
        units = 0;
        name = folder.name(source + (epoch > 1 ? ".e" + epoch : "") + (part > 1 ? ".p" + part : ""), layout.suffix());
        var file = folder.create(name);
        var straight = folder.straight(name);
        out = straight == null ? new BufferedOutput(file, buffer()) : new StraightOutput(file, straight, blocks);
        writeback.begin(straight == null ? file : null);
        layout.begin(out);
    }

    private ByteBuffer buffer() {
        buffer = buffer == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : buffer;
        return buffer;
    }

    @Override
    public void fill(Item before, long count) throws IOException {
        layout.fill(out, before, count);
        units += count;
    }

    @Override
    public void item(Item item, long count) throws IOException {
        layout.write(out, item);
        units += count;
        writeback.at(out.written());
        progress.at(bytesBefore + out.written());
    }

    @Override
    public void end() throws IOException {
        long bytes = out.written();
        layout.end(out, units);
        out.complete();
        writeback.end();
        close();
        bytesBefore += bytes;
        written.add(new Written(source, name, units, units / layout.rateHz(), bytes, fromNs));
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            var closing = out;
            out = null;
            try (closing) {
                writeback.end();
            }
        }
    }
}
