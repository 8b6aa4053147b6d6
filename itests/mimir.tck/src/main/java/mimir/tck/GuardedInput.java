// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.media.Attached;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Item;

/** The input of one call, over copies. Confined. */
final class GuardedInput implements Input {
    private final Input real;
    private final GuardedCall call;
    private final GuardedItem[] items;

    GuardedInput(Input real, GuardedCall call) {
        this.real = real;
        this.call = call;
        this.items = new GuardedItem[real.sources()];
    }

    private Input real() {
        call.check("the input");
        return real;
    }

    @Override
    public int sources() {
        return real().sources();
    }

    @Override
    public Item item(int index) {
        var item = real().item(index);
        if (item != null && items[index] == null) {
            items[index] = call.hand(new GuardedItem(item, call));
        }
        return items[index];
    }

    @Override
    public Item item() {
        return item(first());
    }

    private int first() {
        int index = 0;
        while (index < sources() - 1 && real().item(index) == null) {
            index++;
        }
        return index;
    }

    @Override
    public FrameView frame(int index) {
        var item = item(index);
        return item == null ? null : call.hand(new FrameView(new Results()).wrap(item));
    }

    @Override
    public FrameView frame() {
        return frame(0);
    }

    @Override
    public AudioView audio(int index) {
        var item = item(index);
        return item == null ? null : call.hand(new AudioView(new Results()).wrap(item));
    }

    @Override
    public AudioView audio() {
        return audio(0);
    }

    @Override
    public <T extends Attachment> T attachment(Class<T> type) {
        var found = real().attachment(type);
        return found == null ? null : call.twin(type, found, true);
    }

    @Override
    public long canonicalNs() {
        return real().canonicalNs();
    }

    @Override
    public long deadlineNs() {
        return real().deadlineNs();
    }

    @Override
    public long missed() {
        return real().missed();
    }

    /** What other analysers attached to the item of the first source. Confined. */
    private final class Results implements Attached {
        @Override
        public <T> T of(Item item, Class<T> type) {
            return item == items[0] ? type.cast(attachment(type.asSubclass(Attachment.class))) : null;
        }

        @Override
        public boolean intact() {
            return true;
        }

        @Override
        public void close() {
            call.check("the results of an item");
        }
    }
}
