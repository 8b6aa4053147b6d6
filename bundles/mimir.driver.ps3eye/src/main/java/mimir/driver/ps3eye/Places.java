// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import mimir.api.source.DeviceIdentity;

/**
 * Which camera is whose. Most of these cameras have no serial number, so an entry that names neither port nor number
 * takes the first that is free, keeps its port for itself from then on, and follows a camera to another port only
 * when there is no doubt which one was moved. Thread-safe; control threads.
 */
final class Places {
    private final Map<String, Settings> wishes = new LinkedHashMap<>(); // guarded by this; in the order of coming
    private final Map<String, Known> known;                             // guarded by this
    private final Map<String, Planner.Load> loads = new HashMap<>();    // guarded by this; of those that run
    private final Map<String, String> refusals = new TreeMap<>();       // guarded by this; why others do not

    private final Set<String> failed = new HashSet<>();                 // guarded by this; could not be opened

    /** Where the camera of an identity was last, and the number that it told. Immutable. */
    record Known(Place place, String serial) {
    }

    /** With what former incarnations of this driver knew. */
    Places(Map<String, Known> known) {
        this.known = new TreeMap<>(known);
    }

    /** From now on there is an entry that wants a camera. */
    synchronized void enter(Settings settings) {
        wishes.put(settings.id(), settings);
    }

    /** It wants none any more. */
    synchronized void leave(String id) {
        wishes.remove(id);
        loads.remove(id);
        refusals.remove(id);
        failed.remove(id);
    }

    /** It does not run, for this reason; empty: it does. */
    synchronized void refuse(String id, String sentence) {
        if (sentence.isEmpty()) {
            refusals.remove(id);
            failed.remove(id);
        } else {
            refusals.put(id, sentence);
        }
    }

    /** Why entries have no camera that runs, by identity. */
    synchronized Map<String, String> refusals() {
        return new TreeMap<>(refusals);
    }

    /** Its camera is away: its bus has room again. */
    synchronized void lose(String id) {
        loads.remove(id);
    }

    /** Its camera could not be opened: its bus has room again, and until it runs nobody waits for it. */
    synchronized void fail(String id) {
        loads.remove(id);
        failed.add(id);
    }

    /**
     * Takes the camera of an entry, and its share of the bus, until {@link #lose}.
     *
     * @param modes that it may run in
     * @throws IllegalStateException with one sentence when there is none, nobody may open it or its bus is full
     */
    synchronized Claim claim(Settings settings, List<UsbDevice> devices, List<Mode> modes) {
        loads.remove(settings.id());
        var given = give(settings.id(), devices);
        var camera = Optional.ofNullable(given.get(settings.id())).orElseThrow(() -> new IllegalStateException(
                Refusals.noCamera(settings, lastPlace(settings.id()), devices, ids())));
        if (!camera.permitted()) {
            throw new IllegalStateException(Refusals.permission(camera.place()));
        }
        var planner = planner(devices, settings.id());
        for (var wish : before(settings.id(), given)) {
            planner = planner.with(wish, given.get(wish.id()), modes);
        }
        var mode = planner.admit(settings, camera, modes);
        var lowered = mode.equals(settings.mode()) ? "" : planner.lowered(settings, camera, mode);
        loads.put(settings.id(), Planner.Load.of(settings.with(mode)));
        var now = new Known(camera.place(), camera.serial());
        return new Claim(camera, settings.with(mode), lowered, !now.equals(known.put(settings.id(), now)));
    }

    /**
     * Entries before this one that have a camera and do not run yet: the order of the rig says who gets the last room
     * of a bus, and not which worker comes first. Nobody waits for those whose camera could not be opened.
     */
    private List<Settings> before(String id, Map<String, UsbDevice> given) {
        return wishes.values().stream().takeWhile(wish -> !wish.id().equals(id))
                .filter(wish -> given.containsKey(wish.id()) && given.get(wish.id()).permitted())
                .filter(wish -> !failed.contains(wish.id())).toList();
    }

    private Place lastPlace(String id) {
        return known.containsKey(id) ? known.get(id).place() : null;
    }

    /**
     * A camera that was taken. Immutable.
     *
     * @param settings with the mode that it may run in
     * @param lowered why that is another one than was asked for; empty when it is not
     * @param news true when it was not there before
     */
    record Claim(UsbDevice camera, Settings settings, String lowered, boolean news) {
        DeviceIdentity identity() {
            return new DeviceIdentity("PS3 Eye", camera.serial(), camera.place().toString());
        }
    }

    /** What is known of each identity, in their order. */
    synchronized Map<String, Known> known() {
        return new TreeMap<>(known);
    }

    /** Identities that have an entry, in the order of their coming. */
    synchronized List<String> ids() {
        return List.copyOf(wishes.keySet());
    }

    /** Identity of the entry whose camera runs at a place. */
    synchronized Optional<String> owner(Place place) {
        return loads.keySet().stream().filter(id -> known.get(id).place().equals(place)).findFirst();
    }

    /** What there is on the buses, and what runs there, but for one identity. */
    synchronized Planner planner(List<UsbDevice> devices, String but) {
        var running = new HashMap<Place, Planner.Load>();
        loads.forEach((id, load) -> {
            if (!id.equals(but)) {
                running.put(known.get(id).place(), load);
            }
        });
        return new Planner(devices, running);
    }

    /** The camera that an entry may take now, and those of the others that have none: each by its identity. */
    private Map<String, UsbDevice> give(String id, List<UsbDevice> devices) {
        var free = new ArrayList<>(devices.stream().filter(UsbDevice::isCamera)
                .filter(camera -> owner(camera.place()).filter(other -> !other.equals(id)).isEmpty())
                .sorted((one, other) -> one.place().compareTo(other.place())).toList());
        var given = new HashMap<String, UsbDevice>();
        var waiting = wishes.values().stream().filter(wish -> wish.id().equals(id) || !loads.containsKey(wish.id()))
                .toList();
        waiting.forEach(wish -> give(wish, free, given, camera -> isMeant(wish, camera)));
        waiting.stream().filter(wish -> isAnywhere(wish) && known.containsKey(wish.id()))
                .forEach(wish -> give(wish, free, given, camera -> isWhereItWas(known.get(wish.id()), camera)));
        followMoved(waiting, free, given);
        waiting.stream().filter(wish -> isAnywhere(wish) && !known.containsKey(wish.id()))
                .forEach(wish -> give(wish, free, given, camera -> isNobodys(camera.place())));
        return given;
    }

    private static void give(Settings wish, List<UsbDevice> free, Map<String, UsbDevice> given,
            Predicate<UsbDevice> fits) {
        if (!given.containsKey(wish.id())) {
            free.stream().filter(fits).findFirst().ifPresent(camera -> {
                given.put(wish.id(), camera);
                free.remove(camera);
            });
        }
    }

    private static boolean isAnywhere(Settings wish) {
        return wish.port() == null && wish.serial().isEmpty();
    }

    /** By port or number of the rig, or by the number that it told before. */
    private boolean isMeant(Settings wish, UsbDevice camera) {
        if (!isAnywhere(wish)) {
            return wish.port() != null ? camera.place().equals(wish.port()) : camera.serial().equals(wish.serial());
        }
        var last = known.get(wish.id());
        return last != null && !last.serial().isEmpty() && camera.serial().equals(last.serial())
                && isNobodysWish(camera.place());
    }

    private static boolean isWhereItWas(Known last, UsbDevice camera) {
        return camera.place().equals(last.place())
                && (last.serial().isEmpty() || camera.serial().isEmpty() || camera.serial().equals(last.serial()));
    }

    /** One camera without a number is away and one is there that nobody knows: it is the same. */
    private void followMoved(List<Settings> waiting, List<UsbDevice> free, Map<String, UsbDevice> given) {
        var away = waiting.stream().filter(wish -> isAnywhere(wish) && !given.containsKey(wish.id()))
                .filter(wish -> known.containsKey(wish.id()) && known.get(wish.id()).serial().isEmpty()).toList();
        var strange = free.stream().filter(camera -> camera.serial().isEmpty() && isNobodys(camera.place())).toList();
        if (away.size() == 1 && strange.size() == 1) {
            give(away.getFirst(), free, given, strange.getFirst()::equals);
        }
    }

    /** No entry names this port, and no other camera was there. */
    private boolean isNobodys(Place place) {
        return isNobodysWish(place) && wishes.keySet().stream().map(known::get)
                .noneMatch(last -> last != null && last.place().equals(place));
    }

    private boolean isNobodysWish(Place place) {
        return wishes.values().stream().noneMatch(wish -> place.equals(wish.port()));
    }
}
