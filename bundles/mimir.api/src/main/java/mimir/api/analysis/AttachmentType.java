// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes an interface a type of attachment. Each field is a method without parameters that returns it, marked with
 * {@link Field}, and a method of the same name that sets it; a field of several values has an index as first parameter
 * in both.
 *
 * <pre>{@code
 * @AttachmentType(name = "lab.blink", version = 1)
 * public interface Blink extends Attachment {
 *     @Field(order = 1, unit = "levels")
 *     float brightness();
 *     void brightness(float value);
 *
 *     @Field(order = 2, length = 4, unit = "levels")
 *     float corner(int number);
 *     void corner(int number, float value);
 * }
 * }</pre>
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface AttachmentType {
    /** Name for people, C and rings: lower case letters, digits, {@code .} and {@code -}; at most 40 bytes. */
    String name();

    /**
     * 1 and up. Raise it when a field changes its place, kind or meaning; results of another version lie in a ring of
     * their own and stay readable by those who know that version.
     */
    int version();
}
