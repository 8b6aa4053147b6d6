// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entries of rigs, good ones and bad ones. */
class EntryReaderTest {
    @Test
    void shouldTakeTheUsualWhereTheEntrySaysNothing() {
        var settings = Table.settings("eye.1");

        assertThat(settings.modeLabel()).isEqualTo("640x480 BAYER_GRBG8 60 Hz");
        assertThat(settings.port()).isNull();
        assertThat(settings.controls()).isEmpty();
        assertThat(settings.ring().payloadBytes()).isEqualTo(307_200);
        assertThat(settings.ring().format().rateHz()).isEqualTo(60);
    }

    @Test
    void shouldAskForAsManyTransfersAsOutlastAPause() {
        assertThat(Table.settings("eye.1").transfers()).isEqualTo(8);
        assertThat(Table.settings("eye.1", "rateHz", 15L).transfers()).isEqualTo(8);
        assertThat(Table.settings("eye.1", "rateHz", 75L).transfers()).isEqualTo(10);
        assertThat(Table.settings("eye.1", "mode", "{\"format\":\"YUYV\"}", "rateHz", 75L).transfers()).isEqualTo(16);
    }

    @Test
    void shouldTakeEveryMember() {
        var settings = Table.settings("eye.1", "port", "1-2.3", "mode",
                "{\"width\":320,\"height\":240,\"format\":\"YUYV\"}", "rateHz", 187L, "whenFull", "lower",
                "controls", "{\"exposure\":99,\"agc\":false}");

        assertThat(settings.port()).isEqualTo(new Place(1, 0x0302)).hasToString("1-2.3");
        assertThat(settings.format()).isEqualTo(PixelFormat.YUYV);
        assertThat(settings.ring().format().rateHz()).isEqualTo(187.5);
        assertThat(settings.lower()).isTrue();
        assertThat(settings.controls()).isEqualTo(Map.of("exposure", 99L, "agc", false));
        assertThat(Table.settings("eye.1", "rateHz", 83L, "force", true).mode().isCorrupt()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rateHz   | 59 | eye.1: rateHz is 59, but at 640x480 the camera has 83 (partly corrupt), 75, 60, 30, 15
            rateHz   | 83 | eye.1: 640x480 at 83 Hz has partly corrupt pictures; ask for 75, 60, 30, 15 Hz, \
            or say "force": true
            rateHz   | fast | eye.1: rateHz must be a number, not the text "fast"
            mode     | {"width":800,"height":600} | eye.1: mode: the camera has no 800x600; it has 640x480 and 320x240
            mode     | {"format":"RGB"} | eye.1: mode.format is RGB; give one of BAYER_GRBG8, BAYER_GRBG, YUYV
            mode     | {"depth":8} | eye.1: mode: there is no member 'depth'; there are width, height, format
            mode     | {"width | eye.1: mode is not valid JSON: Unexpected end-of-input
            port     | usb3 | eye.1: port is 'usb3'; give bus and ports as mimir:usb shows them, such as 1-2 or 1-2.3
            port     | 1-2.0 | eye.1: port has port 0, but ports are from 1 to 255
            whenFull | panic | eye.1: whenFull is panic; give one of refuse, lower
            controls | {"zoom":1} | eye.1: controls: the camera has no control 'zoom'; it has exposure, agc
            controls | {"exposure":256} | eye.1: controls: exposure cannot be '256': give a whole number, 0 to 255
            colour   | blue | eye.1: there is no member 'colour'; there are id, port, serial, force, mode, rateHz
            """)
    void shouldRefuseWithOneSentence(String member, String value, String sentence) {
        var given = member.equals("rateHz") && value.matches("\\d+") ? (Object) Long.valueOf(value) : value;

        assertThatThrownBy(() -> Table.settings("eye.1", member, given)).isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(sentence).hasMessageNotContaining("\n");
    }

    @Test
    void shouldRefuseAnEntryWithoutIdAndOneWithTwoWaysToACamera() {
        assertThatThrownBy(() -> Table.READER.read(Map.of())).hasMessage(
                "mimir.driver.ps3eye: a camera needs an id of 1 to 127 bytes, such as ps3eye.1");
        assertThatThrownBy(() -> Table.settings("eye.1", "port", "1-2", "serial", "A1"))
                .hasMessage("eye.1: it has port and serial; give one of them");
    }
}
