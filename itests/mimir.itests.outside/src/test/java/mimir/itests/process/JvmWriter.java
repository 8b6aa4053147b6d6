// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import java.nio.file.Path;

/** A platform that is killed: writes the ring {@code victim} from Java until it dies. */
public final class JvmWriter {
    private JvmWriter() {
    }

    public static void main(String[] words) {
        var items = new Items();
        try (var store = Items.store(Path.of(words[0])); var owner = store.open(Items.frames("victim"), "test")) {
            System.out.println("ready");
            while (!owner.ring().identity().isEmpty()) {
                items.write(owner.writer());
            }
        }
    }
}
