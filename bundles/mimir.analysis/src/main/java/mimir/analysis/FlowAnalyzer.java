// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Corners;
import mimir.api.analysis.types.Flow;
import mimir.api.analysis.types.Grey;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Where the corners of the frame before went. Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "flow", inputs = "frame", outputs = Flow.class, needs = {Grey.class, Corners.class},
        budgetMicros = 30_000, profile = Profile.EVERY)
public final class FlowAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public FlowAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "flow", List.of(Grey.class, Corners.class), Flow.class);
    }
}
