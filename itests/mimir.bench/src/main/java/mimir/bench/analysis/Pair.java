// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

/** A place where one thing is put, and found again by its number. Confined to one thread. */
public interface Pair extends AutoCloseable {
    /** Puts it there, for anybody to see. */
    void put(long number);

    /** Finds it, and reads what was put; -1 when that is not there. */
    long take(long number);

    @Override
    void close();
}
