// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Item;

/** What an analyser sees of the set in hand. Confined to the stage's strand. */
final class ItemInput implements Input {
    private final Matcher matcher;
    private final AttachedResults attached;

    ItemInput(Matcher matcher, AttachedResults attached) {
        this.matcher = matcher;
        this.attached = attached;
    }

    @Override
    public int sources() {
        return matcher.sources();
    }

    @Override
    public Item item(int index) {
        return matcher.inlet(index).chosen();
    }

    @Override
    public Item item() {
        return matcher.first().head();
    }

    @Override
    public FrameView frame(int index) {
        var inlet = matcher.inlet(index);
        return inlet.chosen() == null ? null : inlet.frame();
    }

    @Override
    public FrameView frame() {
        return frame(0);
    }

    @Override
    public AudioView audio(int index) {
        var inlet = matcher.inlet(index);
        return inlet.chosen() == null ? null : inlet.audio();
    }

    @Override
    public AudioView audio() {
        return audio(0);
    }

    @Override
    public <T extends Attachment> T attachment(Class<T> type) {
        var owner = matcher.owner();
        return owner == null ? null : attached.of(owner, type);
    }

    @Override
    public long canonicalNs() {
        return matcher.first().headNs();
    }

    @Override
    public long deadlineNs() {
        return matcher.deadlineNs();
    }

    @Override
    public long missed() {
        var inlet = matcher.inlet(0);
        return inlet.chosen() == null ? 0 : inlet.missed();
    }
}
