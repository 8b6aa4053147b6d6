// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which camera is whose. */
class PlacesTest {
    private static final List<UsbDevice> THREE = List.of(Table.eye("2-1", ""), Table.eye("1-2", ""),
            Table.eye("1-1", ""));

    private static Places entered(Map<String, Places.Known> known, Settings... all) {
        var places = new Places(known);
        List.of(all).forEach(places::enter);
        return places;
    }

    private static String claim(Places places, Settings settings, List<UsbDevice> devices) {
        return places.claim(settings, devices, Table.MODES).identity().path();
    }

    @Test
    void shouldGiveCamerasInTheOrderOfTheRigWhoeverComesFirst() {
        var a = Table.settings("a");
        var b = Table.settings("b", "port", "1-1");
        var c = Table.settings("c");
        var places = entered(Map.of(), a, b, c);

        assertThat(claim(places, c, THREE)).isEqualTo("2-1");
        assertThat(claim(places, a, THREE)).isEqualTo("1-2");
        assertThat(claim(places, b, THREE)).isEqualTo("1-1");
        assertThat(places.owner(new Place(2, 1))).contains("c");
    }

    @Test
    void shouldGiveEachItsOwnCameraAgainAfterASwap() {
        var a = Table.settings("a");
        var b = Table.settings("b");
        var before = entered(Map.of(), a, b);
        claim(before, a, THREE);
        claim(before, b, THREE);

        var after = entered(before.known(), b, a);
        assertThat(claim(after, b, THREE)).isEqualTo("1-2");
        assertThat(claim(after, a, THREE)).isEqualTo("1-1");
    }

    @Test
    void shouldFollowACameraByItsNumberAndOneWithoutWhenThereIsNoDoubt() {
        var a = Table.settings("a");
        var b = Table.settings("b");
        var places = entered(Map.of(), a, b);
        claim(places, a, List.of(Table.eye("1-1", "S1"), Table.eye("1-2", "")));
        claim(places, b, List.of(Table.eye("1-1", "S1"), Table.eye("1-2", "")));
        places.lose("a");
        places.lose("b");
        var moved = List.of(Table.eye("3-1", ""), Table.eye("3-2", "S1"));

        assertThat(claim(places, a, moved)).isEqualTo("3-2");
        assertThat(claim(places, b, moved)).isEqualTo("3-1");
    }

    @Test
    void shouldNotGuessWhichOfTwoWasMoved() {
        var a = Table.settings("a");
        var b = Table.settings("b");
        var places = entered(Map.of(), a, b);
        claim(places, a, THREE);
        claim(places, b, THREE);
        places.lose("a");
        places.lose("b");
        var one = List.of(Table.eye("3-1", ""));

        assertThatThrownBy(() -> claim(places, a, one)).hasMessage("its camera was last at 1-1 and is there"
                + " no more; plug it in there, or name ports in the rig");
        var c = Table.settings("c");
        places.enter(c);
        claim(places, b, THREE);
        assertThatThrownBy(() -> claim(places, c, THREE.subList(1, 3))).hasMessage("each PS3 Eye that is plugged in"
                + " (1-2, 1-1) belongs to another entry of the rig (a, b, c) or may; plug in one more, or name ports in"
                + " the rig");
        assertThat(claim(places, a, THREE)).isEqualTo("1-1");
    }

    @Test
    void shouldGiveTheRoomOfABusInTheOrderOfTheRigWhoeverComesFirst() {
        var yuyv = new Object[] {"mode", "{\"format\":\"YUYV\"}"};
        var a = Table.settings("a", yuyv);
        var b = Table.settings("b", yuyv);
        var c = Table.settings("c", yuyv);
        var places = entered(Map.of(), a, b, c);
        var oneBus = List.of(Table.eye("1-1", ""), Table.eye("1-2", ""), Table.eye("1-3", ""));

        assertThatThrownBy(() -> claim(places, c, oneBus)).hasMessageContaining("37.0 MB/s of 48.0 MB/s (a)");
        assertThatThrownBy(() -> claim(places, b, oneBus)).hasMessageContaining("37.0 MB/s of 48.0 MB/s (a)");
        assertThat(claim(places, a, oneBus)).isEqualTo("1-1");
        places.fail("a");
        assertThatThrownBy(() -> claim(places, c, oneBus)).hasMessageContaining("37.0 MB/s of 48.0 MB/s (b)");
        assertThat(claim(places, b, oneBus)).isEqualTo("1-2");
        assertThatThrownBy(() -> claim(places, a, oneBus)).hasMessageContaining("37.0 MB/s of 48.0 MB/s (b)");
        places.leave("b");
        places.refuse("a", "");
        assertThatThrownBy(() -> claim(places, c, oneBus)).hasMessageContaining("37.0 MB/s of 48.0 MB/s (a)");
    }

    @Test
    void shouldSayWhatIsMissing() {
        var pinned = Table.settings("a", "port", "1-9");
        var places = entered(Map.of(), pinned);

        assertThatThrownBy(() -> claim(places, pinned, List.of()))
                .hasMessage("no PS3 Eye (USB 1415:2000) is plugged in; plug it in, and it starts by itself");
        assertThatThrownBy(() -> claim(places, pinned, THREE)).hasMessage("no PS3 Eye is plugged in at 1-9, but there"
                + " is one at 2-1, 1-2, 1-1; plug it in there, or correct port in the rig");
        assertThatThrownBy(() -> claim(places, pinned, List.of(Table.device("1-9", 0x1415_2000L, 3, false, ""))))
                .hasMessage(Refusals.permission(new Place(1, 9))).hasMessageContaining("/etc/udev/rules.d/");
    }
}
