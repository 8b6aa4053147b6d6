// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

import java.util.Locale;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;

/** A field of the results of a source that rises above a threshold. */
final class ResultWatch implements Watch {
    private final Attachments attachments;
    private final String source;
    private final AttachmentLayout layout;
    private final AttachmentLayout.Field field;
    private final int index;
    private final double threshold;
    private final long fromNs;
    private AttachmentReader<Attachment> reader; // of the thread that looks
    private boolean above;

    /**
     * Begins at the first look.
     *
     * @param index which of the field's values
     * @param fromNs host time from which on results count, ns
     */
    ResultWatch(Attachments attachments, String source, AttachmentLayout layout, AttachmentLayout.Field field,
            int index, double threshold, long fromNs) {
        this.attachments = attachments;
        this.source = source;
        this.layout = layout;
        this.field = field;
        this.index = index;
        this.threshold = threshold;
        this.fromNs = fromNs;
    }

    @Override
    public long look(Happened happened) {
        if (reader == null) {
            reader = attachments.reader(source, layout);
            reader.seek(fromNs);
        }
        long results = 0;
        while (reader.next()) {
            var result = reader.get();
            double value = result == null ? Double.NaN
                    : field.value(result.memory(), result.offset(), index).doubleValue();
            long atNs = reader.hostTimeNs();
            if (result != null && reader.intact() && atNs >= fromNs) {
                results++;
                boolean was = above;
                above = value > threshold;
                if (above && !was) {
                    happened.at(atNs, String.format(Locale.ROOT, "%s of %s is %.5g, above %s", field.name(), source,
                            value, threshold));
                }
            }
        }
        return results;
    }

    @Override
    public long missed() {
        return reader == null ? 0 : reader.missed();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
