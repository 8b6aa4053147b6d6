// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mimir.api.media.PixelFormat;
import mimir.ring.RingFormat;

/** Numbered JPEG and PNG files of one folder, in the order of their numbers. Confined to the decoder. */
final class ImageSequence implements Recording {
    private static final Pattern NAME = Pattern.compile("(.*?)(\\d*)\\.(?:jpe?g|png)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int COLOUR_NONE = 0;
    private static final int COLOUR_JFIF = 2;
    private static final double AHEAD_S = 1;

    private final Settings settings;
    private final Consumer<String> warn;
    private final List<Path> files;
    private final Set<Path> reported = new HashSet<>();
    private final RingFormat format;
    private int next;
    private int failures;

    /**
     * Lists the folder and decodes the first picture that can be; it decides size and format of the sequence.
     *
     * @param warn told once about each file that is skipped
     * @throws IOException with one sentence when there is nothing to play
     */
    ImageSequence(Settings settings, Consumer<String> warn) throws IOException {
        this.settings = settings;
        this.warn = warn;
        this.files = list(settings.path(), settings.stem());
        this.format = firstFormat();
    }

    /** The file name without number and suffix, or null when it is no picture's. */
    static String stem(String fileName) {
        var name = NAME.matcher(fileName);
        return name.matches() ? name.group(1) : null;
    }

    private static List<Path> list(Path folder, String stem) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(file -> stem.equals(stem(file.getFileName().toString())))
                    .sorted(Comparator.comparing(ImageSequence::number).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException unreadable) {
            throw new IOException("folder " + folder + " cannot be read; check its name and permissions", unreadable);
        }
    }

    private static BigInteger number(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() && !name.group(2).isEmpty() ? new BigInteger(name.group(2)) : BigInteger.ZERO;
    }

    private RingFormat firstFormat() throws IOException {
        for (var file : files) {
            try {
                var picture = PictureFile.read(file);
                return format(settings, picture.width(), picture.height(), picture.format());
            } catch (IOException damaged) {
                report(file, damaged);
            }
        }
        throw new IOException("no picture of " + settings.id() + " in " + settings.path()
                + " can be decoded; name another folder");
    }

    private static RingFormat format(Settings settings, int width, int height, PixelFormat pixels) {
        long milli = Math.max(1, Math.round(settings.fps() * 1000));
        long common = BigInteger.valueOf(milli).gcd(BigInteger.valueOf(1000)).longValue();
        int colour = pixels == PixelFormat.GREY ? COLOUR_NONE : COLOUR_JFIF;
        return pixels.packed(width, height, colour, (int) (milli / common), (int) (1000 / common), 0);
    }

    /** The format as the header of the first picture says it. Throws {@link IOException} when it says none. */
    static RingFormat headerFormat(Settings settings) throws IOException {
        var files = list(settings.path(), settings.stem());
        if (files.isEmpty()) {
            throw new IOException("the pictures of " + settings.id() + " are gone; look at " + settings.path());
        }
        var header = PictureFile.header(files.getFirst());
        return format(settings, header.width(), header.height(), header.grey() ? PixelFormat.GREY : PixelFormat.YUV444);
    }

    private void report(Path file, IOException damaged) {
        if (reported.add(file)) {
            warn.accept(damaged.getMessage());
        }
    }

    @Override
    public RingFormat format() {
        return format;
    }

    @Override
    public int ahead() {
        long fits = (64L << 20) / format.payloadBytes();
        return (int) Math.clamp(Math.min(fits, (long) Math.ceil(format.rateHz() * AHEAD_S)), 2, 64);
    }

    @Override
    public boolean fill(Slot slot) throws IOException {
        if (next == files.size()) {
            if (!settings.loop()) {
                return false;
            }
            next = 0;
        }
        var file = files.get(next++);
        try {
            var picture = PictureFile.read(file);
            if (picture.width() != format.width() || picture.height() != format.height()
                    || picture.format().code() != format.code()) {
                throw new IOException("picture " + file + " has another size or colour than the first of "
                        + settings.id()
                        + "; it is skipped");
            }
            picture.into(slot);
            failures = 0;
        } catch (IOException damaged) {
            report(file, damaged);
            slot.useNothing();
            if (++failures >= files.size()) {
                throw new IOException("no picture of " + settings.id() + " can be decoded any more; look at "
                        + settings.path(), damaged);
            }
        }
        return true;
    }

    @Override
    public void close() {
        failures = 0; // files are open only while they are decoded
    }
}
