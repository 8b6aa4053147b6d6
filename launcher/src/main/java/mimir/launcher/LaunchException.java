// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.util.List;

/**
 * The platform cannot start, in sentences for the person at the console; one per bundle that is to blame.
 *
 * <p>Threads: immutable.
 */
final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final List<String> sentences;

    LaunchException(String sentence) {
        this(List.of(sentence));
    }

    LaunchException(List<String> sentences) {
        super(String.join(" ", sentences));
        this.sentences = List.copyOf(sentences);
    }

    List<String> sentences() {
        return sentences;
    }
}
