// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Declares an {@link Analyzer} component, whose scope is PROTOTYPE: the engine makes one instance for each source (or
 * group of sources) that it is attached to.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Analysis {
    /** All properties begin so. */
    String PREFIX_ = "mimir.analysis.";

    /** What people type: {@code motion}. Lower case letters, digits and {@code -}. */
    String name();

    /**
     * What it takes, one entry per source: {@code frame}, {@code audio} or {@code event}, with a format where only that
     * one will do: {@code frame:GREY8}. Two and more: items are matched by canonical time.
     */
    String[] inputs() default "frame";

    /** Types that it attaches to the item of its first source. */
    Class<?>[] outputs();

    /** Types that must be attached to the item before it sees it; their analysers are attached along with it. */
    Class<?>[] needs() default {};

    /** Class of the pool that runs it. */
    WorkClass workClass() default WorkClass.NORMAL;

    /** Time that it may take for an item, us. The item's deadline is its host time plus this. */
    long budgetMicros() default 10_000;

    /**
     * Heap that it may allocate in a second, MiB, at least 1; what it allocates in its constructor and in
     * {@link Analyzer#begin} does not count. One that takes more is disabled, for the collector's work is everybody's.
     */
    long heapMebibytes() default 64;

    /**
     * True to write results with a tail, such as pictures, where others read them, which saves a copy of each. For an
     * analyser that keeps nothing of what {@link Attacher} gave it: what it writes later would spoil its own results.
     */
    boolean inPlace() default false;

    /** Which items it gets when it is too slow for all. */
    Profile profile() default Profile.LATEST;

    /** Several sources: how far apart in canonical time items of one set may be, us. */
    long toleranceMicros() default 5_000;

    /** Parameters and their defaults: {@code threshold=4}. Where the default is a number only numbers are taken. */
    String[] parameters() default {};
}
