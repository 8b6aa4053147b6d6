// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/** Something that maps a device's clock from arrivals alone. Confined. */
interface Mapper {
    /** An item: the device's time, and when the host saw it, ns. */
    void observe(long deviceTime, long hostNs);

    /** When the host would have seen an item of this device time, by what was observed so far, ns. */
    long canonicalNs(long deviceTime);

    /** How many ns of the host pass in one nominal ns of the device, minus 1. */
    double rate();
}
