// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cameras take of their buses. */
class PlannerTest {
    private static final String YUYV = "{\"format\":\"YUYV\"}";

    @ParameterizedTest
    @CsvSource({"640, BAYER_GRBG8, 60, 309012, 18.5 MB/s", "640, BAYER_GRBG8, 75, 309012, 23.1 MB/s",
        "640, YUYV, 60, 618024, 37.0 MB/s", "320, BAYER_GRBG8, 187, 77256, 14.4 MB/s"})
    void shouldCountHeadersToo(int width, String format, long rateHz, long wireBytes, String shown) {
        var settings = Table.settings("eye.1", "rateHz", rateHz, "mode", "{\"width\":" + width + ",\"height\":"
                + width * 3 / 4 + ",\"format\":\"" + format + "\"}");

        assertThat(settings.mode().wireBytes(settings.format())).isEqualTo(wireBytes);
        assertThat(Mode.megabytes(settings.bytesPerSecond())).isEqualTo(shown);
    }

    private static Planner planner(Map<String, Settings> running, UsbDevice... devices) {
        var loads = new HashMap<Place, Planner.Load>();
        running.forEach((place, settings) -> loads.put(Place.parse("", place), Planner.Load.of(settings)));
        return new Planner(List.of(devices), loads);
    }

    @Test
    void shouldLetTwoCamerasOntoABusAndRefuseTheThird() {
        var third = Table.eye("1-3", "");
        var planner = planner(Map.of("1-1", Table.settings("a"), "1-2.4", Table.settings("b"), "2-1",
                Table.settings("c")), third);

        assertThatThrownBy(() -> planner.admit(Table.settings("d"), third, Table.MODES)).hasMessage("640x480"
                + " BAYER_GRBG8 60 Hz needs 18.5 MB/s, but bus 1 of controller 0000:00:11.0 carries 37.0 MB/s of 48.0"
                + " MB/s (a, b); plug the camera into a port of another controller, or ask for 30 Hz");
        assertThat(planner.admit(Table.settings("d"), Table.eye("2-2", ""), Table.MODES).rateHz()).isEqualTo(60);
        var lowered = planner.admit(Table.settings("d", "whenFull", "lower"), third, Table.MODES);
        assertThat(lowered.rateHz()).isEqualTo(30);
        assertThat(planner.lowered(Table.settings("d"), third, lowered)).isEqualTo("runs at 30 Hz instead of 60: bus 1"
                + " of controller 0000:00:11.0 carries 37.0 MB/s of 48.0 MB/s already; plug it into a port of another"
                + " controller");
    }

    @Test
    void shouldNameTheFormatThatFits() {
        var second = Table.eye("1-3", "");
        var planner = planner(Map.of("1-1", Table.settings("a")), second);

        assertThatThrownBy(() -> planner.admit(Table.settings("d", "mode", YUYV), second, Table.MODES))
                .hasMessageEndingWith(", or ask for 640x480 BAYER_GRBG8 60 Hz");
        var full = planner(Map.of("1-1", Table.settings("a", "mode", YUYV), "1-2", Table.settings("b", "rateHz", 30L)),
                second);
        assertThatThrownBy(() -> full.admit(Table.settings("d", "whenFull", "lower"), second, Table.MODES))
                .hasMessageEndingWith("(a, b); plug the camera into a port of another controller");
    }

    @Test
    void shouldSayThatACableIsTooSlow() {
        var slow = Table.device("1-1", 0x1415_2000L, 2, true, "");

        assertThatThrownBy(() -> planner(Map.of(), slow).admit(Table.settings("a"), slow, Table.MODES)).hasMessage(
                "640x480 BAYER_GRBG8 60 Hz needs 18.5 MB/s, but the camera at 1-1 is connected at full speed"
                + " (12 Mbit/s), which carries 1.2 MB/s; take the old hub or the bad cable out of its way");
    }

    @Test
    void shouldShowBusesWithTheirDevicesAndLoads() {
        var listing = UsbListing.of(planner(Map.of("1-2.3", Table.settings("a")), Table.eye("1-2.3", "S1"),
                Table.device("1-2", 0x0424_2514L, 3, true, ""), Table.device("2-1", 0x1415_2000L, 3, false, ""),
                Table.device("3-1", 0x0bda_8153L, 4, true, "")), Map.of("b", "no camera"));

        assertThat(listing.table()).isEqualTo("""
                PORT   DEVICE     SPEED  SERIAL  SOURCE  MODE                       LOAD MB/s
                1-2    0424:2514  high   -       -       -                                  -
                1-2.3  PS3 Eye    high   S1      a       640x480 BAYER_GRBG8 60 Hz       18.5
                2-1    PS3 Eye    high   -       -       -                                  -
                Bus 1 of controller 0000:00:11.0 carries 18.5 MB/s of 48.0 MB/s (38 %).
                Bus 2 of controller 0000:00:12.0 carries 0.0 MB/s of 48.0 MB/s (0 %).
                There is no permission for the camera at 2-1: as root, write the line SUBSYSTEM=="usb", \
                ATTR{idVendor}=="1415", ATTR{idProduct}=="2000", MODE="0660", TAG+="uaccess" into \
                /etc/udev/rules.d/70-mimir-ps3eye.rules, then type udevadm control --reload && udevadm trigger \
                --subsystem-match=usb
                b does not run: no camera""");
        assertThat(listing.json()).contains("\"fault\" : null", "\"mostBytesPerS\" : 48000000",
                "\"bytesPerS\" : 18540720", "\"source\" : \"a\"", "\"permitted\" : false",
                "\"reason\" : \"no camera\"");
    }

    @Test
    void shouldSayThatNothingIsPluggedIn() {
        assertThat(UsbListing.of(planner(Map.of()), Map.of()).table()).isEqualTo(
                "No PS3 Eye (USB 1415:2000) is plugged in; plug one in, and a rig that has it starts it.");
        assertThat(new UsbListing("no libusb", List.of(), Map.of()).json()).contains("\"fault\" : \"no libusb\"");
    }
}
