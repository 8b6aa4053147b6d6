// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.rig.Rigs;
import mimir.api.source.Source;
import mimir.api.work.ThreadStats;
import mimir.api.work.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The rigs that come with the platform, on the real drivers and the real Config Admin. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
class RigTest {
    private static final String SOURCE = Source.class.getName();

    @InjectService(timeout = 10_000)
    Rigs rigs;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    ConfigurationAdmin configurations;
    @InjectBundleContext
    BundleContext context;

    @AfterEach
    void leaveNoDriver() {
        rigs.unload(Platform.PATIENCE);
    }

    @Test
    void shouldNameItsRigs() {
        assertThat(rigs.names()).containsExactly("ps3eye", "recorded", "six-cameras", "sync", "tiny", "two-drivers");
    }

    @ParameterizedTest
    @CsvSource({"tiny, 2", "six-cameras, 7", "two-drivers, 9"})
    void shouldBringUpEverySource(String name, int sources) throws InvalidSyntaxException {
        var rig = rigs.load(name, Map.of());
        rigs.awaitSources(Platform.PATIENCE);

        assertThat(rig.sources()).hasSize(sources)
                .allSatisfy(id -> assertThat(context.getServiceReferences(SOURCE, idIs(id))).hasSize(1));
        assertThat(workers.threads()).filteredOn(ThreadStats::nativeThread).isNotEmpty()
                .allSatisfy(thread -> assertThat(thread.policyGranted()).matches("FIFO 50|OTHER nice -?\\d+"));
        rigs.unload(Platform.PATIENCE);
        assertThat(context.getServiceReferences(SOURCE, null)).isNull();
    }

    @Test
    void shouldConfigureNothingWhenOneDeviceIsImpossible() throws IOException, InvalidSyntaxException {
        var odd = Platform.camera("mimir.driver.sim", "odd.camera", 63, 48, 30, "");
        var file = Files.createTempFile("mimir-itest", ".json");
        var good = Platform.camera("mimir.driver.sim", "good.camera", 64, 48, 30, "");
        Files.writeString(file, Platform.rig(List.of(good, odd)));

        assertThatThrownBy(() -> rigs.load(file.toString(), Map.of())).isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("rig " + file + ", devices[1]: ");
        assertThat(configurations.listConfigurations("(id=*.camera)")).isNull();
        Files.delete(file);
    }

    private static String idIs(String id) {
        return "(mimir.source.id=" + id + ")";
    }
}
