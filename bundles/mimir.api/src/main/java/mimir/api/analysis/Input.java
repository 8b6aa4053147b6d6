// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One item, or one set of items matched by canonical time, read in place. Valid during {@link Analyzer#analyze} only;
 * confined to its thread; nothing here allocates or blocks.
 */
@ProviderType
public interface Input {
    /** Number of sources; 1 but for sets. */
    int sources();

    /** The item of a source, from 0; null when nothing of that source matched within the tolerance. */
    Item item(int index);

    /** The item of the first source that has one. */
    Item item();

    /** The frame of a source, from 0; null when nothing of it matched. */
    FrameView frame(int index);

    /** The frame of the first source. */
    FrameView frame();

    /** The block of sound of a source, from 0; null when nothing of it matched. */
    AudioView audio(int index);

    /** The block of sound of the first source. */
    AudioView audio();

    /** What another stage attached to the item of the first source; null when it attached nothing. */
    <T extends Attachment> T attachment(Class<T> type);

    /** Canonical time of {@link #item()}, ns. */
    long canonicalNs();

    /** Host time by which the result is wanted, ns. */
    long deadlineNs();

    /** Items of the first source that were passed over since the last call: lost, skipped or overtaken. */
    long missed();
}
