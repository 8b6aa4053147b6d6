// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import mimir.api.source.DeviceIdentity;

/**
 * A device by its id and by what it tells of itself; both may have changed since somebody wrote them down. Immutable.
 *
 * @param id identity of its source
 * @param device what people call it
 * @param identity model, serial number and path
 */
record Present(String id, String device, DeviceIdentity identity) {
    /**
     * The device that was meant: the one with the same serial number at the same port, which alone tells two of a
     * careless maker apart; else the one of the same id, unless its serial number speaks against it; else the only one
     * with the same serial number, wherever it is and whatever a rig calls it.
     */
    static Optional<Present> meant(String id, DeviceIdentity identity, Collection<Present> all) {
        return only(all, one -> one.identity.sameDevice(identity) && one.identity.path().equals(identity.path()))
                .or(() -> only(all, one -> one.id.equals(id) && one.identity.agrees(identity)))
                .or(() -> only(all, one -> one.identity.sameDevice(identity)));
    }

    private static Optional<Present> only(Collection<Present> all, Predicate<Present> fits) {
        List<Present> fitting = all.stream().filter(fits).toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }
}
