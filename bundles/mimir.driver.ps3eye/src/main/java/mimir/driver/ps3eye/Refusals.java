// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Why a camera does not run, and what to do: one sentence each. Immutable. */
final class Refusals {
    /** What the system must know so that people other than root may open the cameras. */
    static final String RULE = "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"1415\", ATTR{idProduct}==\"2000\", MODE=\"0660\","
            + " TAG+=\"uaccess\"";
    /** Before 73, where the system gives what is tagged to who sits at the screen. */
    static final String RULE_FILE = "/etc/udev/rules.d/70-mimir-ps3eye.rules";

    private static final int E_IO = 5;
    private static final int E_AGAIN = 11;
    private static final int E_NO_MEMORY = 12;
    private static final int E_ACCESS = 13;
    private static final int E_BUSY = 16;
    private static final int E_NO_DEVICE = 19;
    private static final int E_INVALID = 22;
    private static final int E_NO_SPACE = 28;

    private Refusals() {
    }

    /** An errno of C, whose numbers above 40 differ between systems. */
    static boolean isTimeout(int result) {
        return result == -110 || result == -138;
    }

    static boolean isGone(int result) {
        return result == -E_NO_DEVICE;
    }

    static boolean isInvalid(int result) {
        return result == -E_INVALID;
    }

    /** Nobody is permitted but root. */
    static String permission(Place place) {
        return "no permission for the camera at " + place + ": as root, write the line " + RULE + " into " + RULE_FILE
                + ", then type udevadm control --reload && udevadm trigger --subsystem-match=usb";
    }

    /**
     * None is there that it could be.
     *
     * @param last where it was; null when it was nowhere
     */
    static String noCamera(Settings settings, Place last, List<UsbDevice> devices, Collection<String> owners) {
        var cameras = devices.stream().filter(UsbDevice::isCamera).toList();
        if (cameras.isEmpty()) {
            return "no PS3 Eye (USB 1415:2000) is plugged in; plug it in, and it starts by itself";
        }
        var places = cameras.stream().map(one -> one.place().toString()).collect(Collectors.joining(", "));
        if (settings.port() != null) {
            return "no PS3 Eye is plugged in at " + settings.port() + ", but there is one at " + places + "; plug it in"
                    + " there, or correct port in the rig";
        }
        if (!settings.serial().isEmpty()) {
            return "no PS3 Eye that is plugged in has the serial number " + settings.serial() + "; mimir:usb shows"
                    + " what they tell";
        }
        if (last != null) {
            return "its camera was last at " + last + " and is there no more; plug it in there, or name ports in the"
                    + " rig";
        }
        return "each PS3 Eye that is plugged in (" + places + ") belongs to another entry of the rig ("
                + String.join(", ", owners) + ") or may; plug in one more, or name ports in the rig";
    }

    /** A camera that could not be opened or started. */
    static IllegalStateException ofCamera(Place place, int result) {
        return new IllegalStateException(camera(place, -result));
    }

    private static String camera(Place place, int errno) {
        var it = "the camera at " + place;
        return switch (errno) {
            case E_ACCESS -> permission(place);
            case E_BUSY -> it + " is used by another program; end that one, and this starts by itself";
            case E_NO_DEVICE -> it + " was unplugged just now; plug it in again";
            case E_IO -> it + " answers wrongly; plug it in again, without a hub if there is one";
            case 110, 138 -> it + " does not answer; plug it in again, without a hub if there is one";
            case E_NO_MEMORY -> "the system grants no more memory to USB transfers; as root, write a larger number of"
                    + " MB into /sys/module/usbcore/parameters/usbfs_memory_mb";
            case E_NO_SPACE -> "there are 16 cameras already; take one out of the rig";
            case E_AGAIN -> it + " cannot be used for want of threads; end other programs";
            default -> it + " cannot be used (" + meaning(errno) + "); install host and fragment of the same build";
        };
    }

    /** A call that only fails when something is wrong with the machine or the build. */
    static IllegalStateException ofCall(String call, int result) {
        return new IllegalStateException(call + " failed (" + meaning(-result) + "); look at the system's log for USB"
                + " faults");
    }

    private static String meaning(int errno) {
        return switch (errno) {
            case E_IO -> "EIO";
            case E_NO_MEMORY -> "ENOMEM";
            case E_INVALID -> "EINVAL";
            case 71, 134 -> "EPROTO";
            case 95, 129 -> "ENOTSUP";
            case 114, 103 -> "EALREADY";
            default -> "error " + errno;
        };
    }
}
