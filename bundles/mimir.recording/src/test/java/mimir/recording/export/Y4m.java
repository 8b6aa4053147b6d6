// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Y4M file, read independently of its writer. */
record Y4m(String head, List<byte[]> frames) {
    static Y4m read(Path file, int frameBytes) throws IOException {
        var bytes = Files.readAllBytes(file);
        int at = 0;
        while (bytes[at] != '\n') {
            at++;
        }
        var head = new String(bytes, 0, at, StandardCharsets.US_ASCII);
        var frames = new ArrayList<byte[]>();
        for (at++; at < bytes.length; at += 6 + frameBytes) {
            assertThat(new String(bytes, at, 6, StandardCharsets.US_ASCII)).isEqualTo("FRAME\n");
            frames.add(Arrays.copyOfRange(bytes, at + 6, at + 6 + frameBytes));
        }
        assertThat(at).isEqualTo(bytes.length);
        return new Y4m(head, frames);
    }
}
