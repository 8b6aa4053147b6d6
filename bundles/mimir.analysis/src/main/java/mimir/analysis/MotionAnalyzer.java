// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Grey;
import mimir.api.analysis.types.MotionEnergy;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * How much changed since the frame before, and where. {@code threshold}: from how many levels on a pixel has changed.
 * Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "motion", inputs = "frame", outputs = MotionEnergy.class, needs = Grey.class, budgetMicros = 15_000,
        profile = Profile.EVERY, parameters = "threshold=16")
public final class MotionAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public MotionAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "motion", List.of(Grey.class), MotionEnergy.class,
                new Parameter("threshold", 1, 255));
    }
}
