// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

/**
 * The account of one thread since it began. Immutable.
 *
 * @param name its name
 * @param tid thread id of the system
 * @param nativeThread true for a thread of a fragment
 * @param workClass its class
 * @param media true when it handles items
 * @param policyAsked what was asked of the system: {@code FIFO 50}
 * @param policyGranted what the system says now: {@code FIFO 50}, {@code OTHER nice 0}
 * @param cpuNs processor time, ns
 * @param allocatedBytes bytes allocated on the Java heap, 0 for native threads
 * @param items items handled
 * @param minorFaults page faults served from memory
 * @param stuck true when it was asked to stop and did not
 */
public record ThreadStats(String name, long tid, boolean nativeThread, WorkClass workClass, boolean media,
        String policyAsked,
        String policyGranted, long cpuNs, long allocatedBytes, long items, long minorFaults, boolean stuck) {
}
