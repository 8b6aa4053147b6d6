// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/**
 * What every other in-framework test stands on.
 *
 * <p>Threads: confined.
 */
@ExtendWith(BundleContextExtension.class)
class PlatformStartTest {
    private static final int RELEASE = 25;

    @InjectBundleContext
    BundleContext context;

    @Test
    void shouldRunOnTheJdkThatMimirIsBuiltFor() {
        assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(RELEASE);
    }

    @Test
    void shouldHaveEveryBundleActiveAndEveryFragmentAttached() {
        assertThat(bundlesOfMimir()).hasSizeGreaterThan(12)
            .allSatisfy(bundle -> assertThat(bundle.getState()).as(bundle.getSymbolicName()).isEqualTo(goal(bundle)));
    }

    private List<Bundle> bundlesOfMimir() {
        return Arrays.stream(context.getBundles()).filter(b -> b.getSymbolicName().startsWith("mimir.")).toList();
    }

    private static int goal(Bundle bundle) {
        return bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null ? Bundle.ACTIVE : Bundle.RESOLVED;
    }
}
