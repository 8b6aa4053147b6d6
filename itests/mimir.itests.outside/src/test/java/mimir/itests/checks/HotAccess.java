// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

/**
 * One access to a word that threads share, or one fence, as a source has it.
 *
 * <p>Threads: immutable.
 *
 * @param place class and method in Java, file and function in C
 * @param line of the source, from 1
 * @param word the word's name in the header, empty for a fence
 * @param mode access mode, such as {@code getAcquire} or {@code load.acquire}
 * @param from where the text stands that decides the mode
 * @param to end of that text
 */
record HotAccess(String place, int line, String word, String mode, int from, int to) {
    /** As in the rules: {@code head.setRelease}, {@code fullFence}. */
    String event() {
        return word.isEmpty() ? mode : word + "." + mode;
    }

    @Override
    public String toString() {
        return place + " (line " + line + ") " + event();
    }
}
