// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.Arrays;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.source.Source;
import mimir.ring.Abi;
import mimir.ring.Ring;
import mimir.ring.RingFormat;

/**
 * A source that is there, or was. Immutable.
 *
 * @param itemKind of its ring
 * @param format what it sends, or sent last
 * @param present false when it is gone
 */
public record KnownSource(String id, Ring ring, int itemKind, RingFormat format, boolean present) {

    /** One that is there. */
    static KnownSource of(Source source) {
        return new KnownSource(source.id(), source.ring(), source.ring().stats().itemKind(), source.format(), true);
    }

    KnownSource gone() {
        return new KnownSource(id, ring, itemKind, format, false);
    }

    /** How many items it publishes in a second. */
    double itemsPerSecond() {
        return itemKind == Abi.ITEM_AUDIO ? format.rateHz() / format.height() : format.rateHz();
    }

    /** Why an input cannot take it, as the end of a sentence; null when it can. */
    String refusal(Declaration.Take take) {
        boolean right = take.kind().equals(kind()) && (take.format().isEmpty() || take.format().equals(formatName()));
        return right ? null : "takes " + take + " and " + id + " sends " + kind() + ":" + formatName();
    }

    private String kind() {
        return switch (itemKind) {
            case Abi.ITEM_FRAME -> "frame";
            case Abi.ITEM_AUDIO -> "audio";
            case Abi.ITEM_EVENT -> "event";
            default -> "results";
        };
    }

    private String formatName() {
        int code = format.code();
        var pixels = Arrays.stream(PixelFormat.values()).filter(one -> one.code() == code).map(Enum::name).findAny();
        return pixels.or(() -> Arrays.stream(SampleFormat.values()).filter(one -> one.code() == code).map(Enum::name)
                .findAny()).orElse(Integer.toString(code));
    }
}
