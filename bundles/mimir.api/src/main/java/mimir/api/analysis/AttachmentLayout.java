// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.util.List;

/**
 * How the fields of an {@link AttachmentType} lie: in their order, naturally aligned, the whole a multiple of 8 bytes.
 * Immutable.
 *
 * @param name see {@link AttachmentType#name}
 * @param version see {@link AttachmentType#version}
 * @param bytes of all fields
 * @param fields in order
 */
public record AttachmentLayout(String name, int version, long bytes, List<Field> fields) {

    /** The list is copied. */
    public AttachmentLayout {
        fields = List.copyOf(fields);
    }

    /** Name and version: {@code mimir.motion@1}. */
    public String id() {
        return name + "@" + version;
    }

    /**
     * One field. Immutable.
     *
     * @param name of its methods
     * @param kind {@code byte}, {@code short}, {@code int}, {@code long}, {@code float} or {@code double}
     * @param length values
     * @param offset bytes from the first field
     * @param unit see {@link mimir.api.analysis.Field#unit}
     */
    public record Field(String name, Class<?> kind, int length, long offset, String unit) {
    }
}
