// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Corners;
import mimir.api.analysis.types.Grey;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Points that can be found again. {@code distance}: how far they are apart at least, px; {@code quality}: least score
 * as a share of the best; {@code least}: least score, levels2/px2. Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "corners", inputs = "frame", outputs = Corners.class, needs = Grey.class, budgetMicros = 20_000,
        profile = Profile.EVERY, parameters = {"distance=10", "quality=0.01", "least=2"})
public final class CornersAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public CornersAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "corners", List.of(Grey.class), Corners.class,
                new Parameter("distance", 8, 256),
                new Parameter("quality", 0, 1),
                new Parameter("least", 0, 65025));
    }
}
