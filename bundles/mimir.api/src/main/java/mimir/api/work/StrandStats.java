// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

/**
 * The account of one strand. Immutable.
 *
 * @param runs pieces of work done
 * @param misses of these, done after their deadline
 * @param failures of these, ended by an exception
 * @param failure message of the last exception, or empty
 * @param cpuNs processor time, ns
 * @param busyNs time between begin and end of the runs, ns
 * @param longestNs longest run, ns
 * @param allocatedBytes bytes allocated on the Java heap, by the run in hand so far, too
 * @param runningNs how long the run in hand has lasted, ns; 0: none
 * @param stuck true while the run in hand has lasted ten times its budget and at least a second, or was given up when
 * the strand was closed; it runs on under the policy of class IDLE
 */
public record StrandStats(String name, WorkClass workClass, long runs, long misses, long failures, String failure,
        long cpuNs, long busyNs, long longestNs, long allocatedBytes, long runningNs, boolean stuck) {
}
