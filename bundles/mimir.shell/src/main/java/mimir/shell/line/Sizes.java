// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import mimir.api.BadInputException;

/** Amounts of memory as people type them: {@code 512MiB}, {@code 4GiB}, {@code 1.5G}. Immutable. */
final class Sizes {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)([MG])(?:iB)?");

    private Sizes() {
    }

    /**
     * Reads an amount above zero, in bytes.
     *
     * @param option whose value it is, for the sentence: {@code --budget}
     * @throws BadInputException that quotes the value
     */
    static long parse(String option, String text) {
        var match = SHAPE.matcher(text);
        if (match.matches()) {
            int shift = match.group(2).equals("M") ? 20 : 30;
            long bytes = new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(1L << shift)).longValue();
            if (bytes > 0) {
                return bytes;
            }
        }
        throw new BadInputException(option + " cannot be '" + text + "': give an amount such as 512MiB or 4GiB");
    }
}
