// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import mimir.ring.RingFormat;
import org.osgi.annotation.versioning.ProviderType;

/** An analyser at its place: what it is attached to. Valid during the call that hands it over. Thread-safe. */
@ProviderType
public interface Stage {
    /** Number of sources: as many as {@link Analysis#inputs} names. */
    int sources();

    /** Identity of a source, from 0. */
    String source(int index);

    /** Layout and rate of a source, from 0. */
    RingFormat format(int index);

    /**
     * Value of a parameter that {@link Analysis#parameters} declares.
     *
     * @throws IllegalArgumentException when it declares no such parameter
     */
    String parameter(String name);

    /**
     * The same as a number.
     *
     * @throws mimir.api.BadInputException when the value is none: one sentence for the person who typed it
     */
    double number(String name);
}
