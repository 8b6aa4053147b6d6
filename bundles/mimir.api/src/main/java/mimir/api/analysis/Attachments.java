// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.util.List;
import mimir.api.media.Attached;
import org.osgi.annotation.versioning.ProviderType;

/** Results of all sources, for whoever wants to read them. Thread-safe; control threads. */
@ProviderType
public interface Attachments {
    /**
     * Opens a reader on the results of a type. They may begin later: until then every look says ABSENT. Where another
     * bundle attaches results of this name and version whose fields lie otherwise, every look, and a view's, throws
     * {@link mimir.api.BadInputException}, for its numbers would be read as others.
     *
     * @throws mimir.api.BadInputException when there never was such a source
     */
    <T extends Attachment> AttachmentReader<T> reader(String source, Class<T> type);

    /**
     * The same with the layout only, when the bundle that defined the type is gone: read the fields with {@link
     * AttachmentLayout.Field#text}.
     */
    AttachmentReader<Attachment> reader(String source, AttachmentLayout layout);

    /**
     * For views: {@code new FrameView(attachments.of(source))}. The caller closes it.
     *
     * @throws mimir.api.BadInputException when there never was such a source
     */
    Attached of(String source);

    /** What was ever attached to a source, in order of name and version. Allocates. */
    List<AttachmentLayout> types(String source);
}
