// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Java believes of the native structs is what the header says. */
class StructTest {
    private static final Path HEADER = Path.of(
            "../../native-fragments/mimir.driver.ps3eye.native/include/mimir_ps3eye.h");
    private static final Pattern STRUCT = Pattern.compile("typedef struct (mimir_ps3eye_\\w+) \\{(.*?)\\n\\} ",
            Pattern.DOTALL);
    private static final Pattern MEMBER = Pattern.compile("\\n {4}(u?int64_t|char) +(\\w+)(?:\\[(\\w+)\\])?;");
    private static final Map<String, Struct> STRUCTS = Map.of("mimir_ps3eye_mode", Struct.MODE,
            "mimir_ps3eye_range", Struct.RANGE, "mimir_ps3eye_setting", Struct.SETTING,
            "mimir_ps3eye_device", Struct.DEVICE, "mimir_ps3eye_event", Struct.EVENT,
            "mimir_ps3eye_status", Struct.STATUS, "mimir_ps3eye_counts", Struct.COUNTS,
            "mimir_ps3eye_config", Struct.CONFIG);

    @TestFactory
    List<DynamicTest> shouldLayStructsOutAsTheHeader() throws IOException {
        var header = Files.readString(HEADER);
        var tests = new ArrayList<DynamicTest>();
        var structs = STRUCT.matcher(header);
        while (structs.find()) {
            var name = structs.group(1);
            var body = structs.group(2);
            tests.add(DynamicTest.dynamicTest(name, () -> check(STRUCTS.get(name), body)));
        }
        assertThat(tests).hasSameSizeAs(STRUCTS.values());
        return tests;
    }

    private static void check(Struct struct, String body) {
        long at = 0;
        var names = new ArrayList<String>();
        var members = MEMBER.matcher(body);
        while (members.find()) {
            var name = members.group(2);
            names.add(name);
            assertThat(struct.members()).contains(name);
            assertThat(struct.offset(name)).as(name).isEqualTo(at);
            int many = members.group(3) == null ? 1 : members.group(3).equals("MIMIR_PS3EYE_TEXT_BYTES") ? 64
                    : Integer.parseInt(members.group(3));
            at += (members.group(1).equals("char") ? 1 : Long.BYTES) * (long) many;
        }
        assertThat(struct.members()).isEqualTo(names);
        assertThat(struct.bytes()).isEqualTo(at);
    }

    @Test
    void shouldKnowTheControlsByTheNumbersOfTheHeader() throws IOException {
        var numbers = Pattern.compile("MIMIR_PS3EYE_(\\w+) = (\\d+),? +/\\* \\d+\\.\\.|MIMIR_PS3EYE_(\\w+) = (\\d+),? +"
                + "/\\* 0, 1").matcher(Files.readString(HEADER));
        int found = 0;
        while (numbers.find()) {
            var name = (numbers.group(1) == null ? numbers.group(3) : numbers.group(1)).toLowerCase()
                    .replace('_', '-');
            int number = Integer.parseInt(numbers.group(2) == null ? numbers.group(4) : numbers.group(2));
            assertThat(Knob.name(number)).isEqualTo(name);
            found++;
        }
        assertThat(found).isEqualTo(13);
    }
}
