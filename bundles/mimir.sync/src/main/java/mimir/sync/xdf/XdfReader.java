// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes an XDF file apart: nothing that a byte says is believed before it is held against what is there. Confined. */
final class XdfReader {
    private static final byte[] MAGIC = "XDF:".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_XML = 64 << 20;
    private static final int MOST_STREAMS = 100_000;
    /** Seconds of any clock: 126 years, so that twice that still fits into ns. */
    private static final double MOST_S = 4e9;

    private final XdfBytes bytes;
    private final Map<Integer, XdfTrack> tracks = new LinkedHashMap<>();

    private XdfReader(XdfBytes bytes) {
        this.bytes = bytes;
    }

    /** Streams by number, in the order of their headers. */
    static Map<Integer, XdfTrack> read(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var reader = new XdfReader(new XdfBytes(channel));
            reader.all();
            return reader.tracks;
        }
    }

    private void all() throws IOException {
        if (bytes.left() < MAGIC.length || !Arrays.equals(bytes.take(MAGIC.length), MAGIC)) {
            throw new XdfException(0, "an XDF file begins with XDF:, this one does not");
        }
        while (bytes.left() > 0) {
            bytes.enter(bytes.length());
            chunk(bytes.u16());
            bytes.leave();
        }
    }

    private void chunk(int tag) throws IOException {
        switch (tag) {
            case 2 -> header();
            case 3 -> samples();
            case 4 -> offset();
            default -> { } // file header, boundaries, footers, and what is not known
        }
    }

    private void header() throws IOException {
        long at = bytes.position();
        int id = bytes.i32();
        if (tracks.containsKey(id) || tracks.size() == MOST_STREAMS) {
            throw new XdfException(at, tracks.containsKey(id) ? "stream " + Integer.toUnsignedString(id)
                    + " has a second header" : "there are more than " + MOST_STREAMS + " streams");
        }
        if (bytes.left() > MOST_XML) {
            throw new XdfException(bytes.position(), "a header of " + bytes.left() + " bytes is more than " + MOST_XML);
        }
        long xmlAt = bytes.position();
        tracks.put(id, new XdfTrack(XdfHeader.of(bytes.take((int) bytes.left()), xmlAt)));
    }

    private XdfTrack track() throws IOException {
        long at = bytes.position();
        int id = bytes.i32();
        var track = tracks.get(id);
        if (track == null) {
            throw new XdfException(at, "stream " + Integer.toUnsignedString(id) + " has no header");
        }
        return track;
    }

    private void offset() throws IOException {
        var track = track();
        track.offset(seconds(), seconds(), bytes.position());
    }

    private void samples() throws IOException {
        var track = track();
        long at = bytes.position();
        long count = bytes.length();
        long least = 1 + (long) track.header().channels() * Math.max(2, track.header().valueBytes());
        if (track.header().valueBytes() == 1) {
            least = 1 + track.header().channels();
        }
        if (count < 0 || count > bytes.left() / least) {
            throw new XdfException(at, Long.toUnsignedString(count) + " samples are announced where " + bytes.left()
                    + " bytes are left, which hold " + bytes.left() / least + " at most");
        }
        for (long i = 0; i < count; i++) {
            long stampAt = bytes.position();
            int stamp = bytes.u8();
            if (stamp != 0 && stamp != 8) {
                throw new XdfException(stampAt, "a time stamp has 0 or 8 bytes, not " + stamp);
            }
            track.sample(stamp == 8 ? seconds() : Double.NaN);
            values(track.header());
        }
        if (bytes.left() > 0) {
            throw new XdfException(bytes.position(), bytes.left() + " bytes are behind the last sample of a chunk");
        }
    }

    private void values(XdfHeader header) throws IOException {
        if (header.valueBytes() > 0) {
            bytes.skip((long) header.channels() * header.valueBytes());
            return;
        }
        for (int i = 0; i < header.channels(); i++) {
            bytes.skip(bytes.length());
        }
    }

    private double seconds() throws IOException {
        long at = bytes.position();
        double value = bytes.f64();
        if (!(Math.abs(value) <= MOST_S)) {
            throw new XdfException(at, "a time of " + value + " s is none");
        }
        return value;
    }
}
