// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A field of an {@link AttachmentType}: byte, short, int, long, float or double, little endian, naturally aligned. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Field {
    /** Place among the fields; ascending, no two the same. */
    int order();

    /** How many values; more than one: the method takes an index. */
    int length() default 1;

    /** Unit, as people write it: {@code dBFS}, {@code px/frame}; {@code 1} for a plain number. */
    String unit() default "1";
}
