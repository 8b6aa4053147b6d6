// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes XDF files for tests. Confined. */
final class XdfFile {
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

    XdfFile() {
        bytes.put(text("XDF:"));
        chunk(1, text("<?xml version=\"1.0\"?><info><version>1.0</version></info>"));
    }

    XdfFile header(int id, String name, String format, int channels, double hz) {
        return chunk(2, number(id), text("<?xml version=\"1.0\"?><info><name>" + name + "</name><type>test</type>"
                + "<channel_count>" + channels + "</channel_count><nominal_srate>" + hz + "</nominal_srate>"
                + "<channel_format>" + format + "</channel_format><desc><name>inner</name></desc></info>"));
    }

    /** One sample of one channel of float32. */
    XdfFile sample(int id, double stamp) {
        var one = ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN).put((byte) 1).put((byte) 1).put((byte) 8)
                .putDouble(stamp).putFloat(1);
        return chunk(3, number(id), one.array());
    }

    XdfFile offset(int id, double time, double offset) {
        var pair = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(time).putDouble(offset);
        return chunk(4, number(id), pair.array());
    }

    XdfFile chunk(int tag, byte[]... parts) {
        int length = 2;
        for (var part : parts) {
            length += part.length;
        }
        bytes.put((byte) 4).putInt(length).putShort((short) tag);
        for (var part : parts) {
            bytes.put(part);
        }
        return this;
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    int size() {
        return bytes.position();
    }

    XdfRecording read(Path folder) throws IOException {
        var written = Arrays.copyOf(bytes.array(), size());
        return XdfRecording.read(Files.write(folder.resolve("made.xdf"), written));
    }
}
