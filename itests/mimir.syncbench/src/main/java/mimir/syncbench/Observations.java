// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of observations of devices that ran, as {@code sync --observations} writes it: a line for each clock, {@code
 * clock NUMBER HZ SOURCE}, and one for each item, {@code NUMBER EPOCH DEVICE HOST_NS [TRUE_NS]}. Confined.
 */
final class Observations {
    /** {@link Clock#trueNs} of an item whose truth is not known. */
    static final long UNKNOWN = Long.MIN_VALUE;
    private static final String FIRST_LINE = "mimir.observations 1";
    private static final int NUMBERS = 5;

    /** One device's items, in order; rows of epoch, device time, host time and true time. */
    static final class Clock {
        final String source;
        final double hz;
        private long[] numbers = new long[4 * 1024];
        private int items;

        private Clock(String source, double hz) {
            this.source = source;
            this.hz = hz;
        }

        private void add(long epoch, long device, long hostNs, long trueNs) {
            if (4 * items == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * numbers.length);
            }
            numbers[4 * items] = epoch;
            numbers[4 * items + 1] = device;
            numbers[4 * items + 2] = hostNs;
            numbers[4 * items++ + 3] = trueNs;
        }

        int items() {
            return items;
        }

        int epoch(int item) {
            return (int) numbers[4 * item];
        }

        long device(int item) {
            return numbers[4 * item + 1];
        }

        long hostNs(int item) {
            return numbers[4 * item + 2];
        }

        long trueNs(int item) {
            return numbers[4 * item + 3];
        }
    }

    private final Path file;
    private final List<Clock> clocks = new ArrayList<>();
    private int line;

    private Observations(Path file) {
        this.file = file;
    }

    /** Reads the whole file. Blocks; throws {@link BadUseException} for what is none, with the line. */
    static List<Clock> read(Path file) {
        var read = new Observations(file);
        try (var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            read.line++;
            if (!FIRST_LINE.equals(lines.readLine())) {
                throw read.malformed("'" + FIRST_LINE + "'");
            }
            for (var text = lines.readLine(); text != null; text = lines.readLine()) {
                read.line++;
                read.take(text.split(" "));
            }
        } catch (MalformedInputException e) {
            throw read.malformed("text");
        } catch (IOException e) {
            throw new BadUseException(file + " cannot be read: " + (Files.exists(file) ? e : "it is not there"));
        }
        return read.clocks;
    }

    private void take(String[] words) {
        try {
            if (words[0].equals("clock") && words.length == 4 && Integer.parseInt(words[1]) == clocks.size()
                    && Double.parseDouble(words[2]) > 0) {
                clocks.add(new Clock(words[3], Double.parseDouble(words[2])));
                return;
            }
            if (words.length == NUMBERS || words.length == NUMBERS - 1) {
                clocks.get(Integer.parseInt(words[0])).add(Integer.parseInt(words[1]), Long.parseLong(words[2]),
                        Long.parseLong(words[3]), words.length == NUMBERS ? Long.parseLong(words[4]) : UNKNOWN);
                return;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw malformed("a clock or an item of one");
        }
        throw malformed("a clock or an item of one");
    }

    private BadUseException malformed(String wanted) {
        return new BadUseException(file + ", line " + line + " is not " + wanted
                + "; sync --observations FILE --for DURATION writes such a file");
    }
}
