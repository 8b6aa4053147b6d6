// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import java.time.Duration;
import mimir.ring.Ending;
import mimir.ring.ForeignRings;
import mimir.ring.Profile;
import mimir.ring.Start;

/** The Java twin of {@code witness RING --each [COUNT]}: another process that prints every item of a ring. */
public final class Dump {
    private Dump() {
    }

    public static void main(String[] words) {
        var items = new Items();
        try (var ring = new ForeignRings().open(words[0]);
                var reader = ring.reader("dump", Profile.EVERY, Start.OLDEST)) {
            System.out.println("ready");
            long left = words.length > 1 ? Long.parseLong(words[1]) : Long.MAX_VALUE;
            while (left > 0 && (words.length > 1 || reader.ending() == Ending.NOT_YET)) {
                var item = items.next(reader);
                if (item == null) {
                    reader.await(Duration.ofSeconds(1).toNanos());
                } else {
                    System.out.println(item);
                    left--;
                }
            }
            System.out.println(left == 0 ? "enough" : reader.ending());
        }
    }
}
