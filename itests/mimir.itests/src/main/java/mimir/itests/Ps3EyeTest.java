// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.rig.Rigs;
import mimir.api.source.Driver;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The driver of the PS3 Eye where there is no libusb (itests.bndrun): it is active, and says what is missing. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
class Ps3EyeTest {
    private static final String NAME = "mimir.driver.ps3eye";

    @TempDir
    Path scratch;
    @InjectService(timeout = 10_000)
    Rigs rigs;
    @InjectService(timeout = 10_000)
    Devices devices;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectService(timeout = 10_000, filter = "(component.name=mimir.driver.ps3eye.Ps3EyeDriver)")
    Driver driver;
    @InjectBundleContext
    BundleContext context;

    @AfterEach
    void leaveNoDriver() {
        rigs.unload(Platform.PATIENCE);
    }

    @Test
    void shouldBeActiveAndSayWhatIsMissingInOneSentence() {
        assertThat(driver.name()).isEqualTo(NAME);
        assertThat(Arrays.stream(context.getBundles()).filter(bundle -> NAME.equals(bundle.getSymbolicName())))
                .singleElement().matches(bundle -> bundle.getState() == Bundle.ACTIVE);
        assertThat(new Prompt(processor).run("usb; mimir:usb").lines()).hasSize(2)
                .allMatch(line -> line.contains("/nowhere/libusb-1.0.so.0"));
    }

    @Test
    void shouldPlanSixAndSayWhyTheyDoNotRun() {
        var rig = rigs.load("ps3eye", Map.of());

        assertThat(rig.sources()).hasSize(6);
        assertThatThrownBy(() -> rigs.awaitSources(Platform.PATIENCE)).isInstanceOf(IllegalStateException.class)
                .hasMessageMatching("ps3eye\\.[1-6]: [^\n]+");
        Platform.await(() -> devices.list().stream().allMatch(one -> one.state() == Devices.State.FAULTY),
                () -> devices.list().toString());
        assertThat(new Prompt(processor).run("usb --json")).contains("\"id\" : \"ps3eye.6\"")
                .contains("\"fault\" : \"");
    }

    @Test
    void shouldRefuseAModeThatTheCameraDoesNotHave() throws Exception {
        var file = scratch.resolve("odd.json");
        Files.writeString(file, Platform.rig(List.of("{\"driver\":\"" + NAME + "\",\"id\":\"odd\",\"rateHz\":83}")));

        assertThatThrownBy(() -> rigs.load(file.toString(), Map.of())).isInstanceOf(BadInputException.class)
                .hasMessage("rig " + file + ", devices[0]: odd: 640x480 at 83 Hz has partly corrupt pictures;"
                        + " ask for 75, 60, 50, 40, 30, 25, 20, 15, 10, 8, 5, 3, 2 Hz, or say \"force\": true");
    }
}
