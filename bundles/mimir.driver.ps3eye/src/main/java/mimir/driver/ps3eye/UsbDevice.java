// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;

/**
 * A device on a bus, camera or not. Immutable.
 *
 * @param place where it is plugged in
 * @param address its number on the bus, another one after each plugging
 * @param id vendor and product
 * @param deviceClass 9 is a hub
 * @param speed 1 low, 2 full, 3 high, 4 and more super, 0 unknown
 * @param permitted false when this user may not open it
 * @param controller what its bus hangs on, as the system calls it; may be empty
 * @param serial as the device tells it; mostly empty
 * @param product as the device tells it; may be empty
 */
record UsbDevice(Place place, long address, long id, long deviceClass, long speed, boolean permitted,
        String controller, String serial, String product) {
    private static final long CAMERA = 0x1415_2000L;
    private static final int HUB = 9;
    private static final int ACCESS_DENIED = 13;
    private static final long HIGH_SPEED = 3;

    /** From {@code mimir_ps3eye_device}. */
    static UsbDevice of(MemorySegment memory) {
        var struct = Struct.DEVICE;
        return new UsbDevice(new Place(struct.get(memory, "bus"), struct.get(memory, "ports")),
                struct.get(memory, "address"), struct.get(memory, "id"), struct.get(memory, "device_class"),
                struct.get(memory, "speed"), struct.get(memory, "access") != -ACCESS_DENIED,
                struct.text(memory, "controller"), struct.text(memory, "serial"), struct.text(memory, "product"));
    }

    /** True for a PS3 Eye. */
    boolean isCamera() {
        return id == CAMERA;
    }

    boolean isHub() {
        return deviceClass == HUB;
    }

    boolean isRoot() {
        return place.ports() == 0;
    }

    /** True when it shares the 480 Mbit/s of its bus. */
    boolean isOnHighSpeed() {
        return speed <= HIGH_SPEED;
    }

    /** The speed in words. */
    String speedLabel() {
        return switch ((int) speed) {
            case 1 -> "low";
            case 2 -> "full";
            case 3 -> "high";
            case 4 -> "super";
            case 5 -> "super plus";
            default -> "unknown";
        };
    }

    /** How it is connected, as it was negotiated. */
    String link() {
        return "USB " + speedLabel() + " speed, bus " + place.bus()
                + (controller.isEmpty() ? "" : " of controller " + controller);
    }

    /** What people call it. */
    String label() {
        var kind = isCamera() ? "PS3 Eye" : isRoot() ? "root hub" : isHub() ? "hub" : "";
        return !kind.isEmpty() ? kind : product.isEmpty() ? "%04x:%04x".formatted(id >>> 16, id & 0xffff) : product;
    }
}
