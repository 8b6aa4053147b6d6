// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Grey;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Brightness of each frame alone, for all who need no colour. Stages that compare or search pictures need its result.
 * Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "grey", inputs = "frame", outputs = Grey.class, budgetMicros = 10_000, inPlace = true,
        profile = Profile.EVERY)
public final class GreyAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public GreyAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "grey", List.of(), Grey.class);
    }
}
