// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Rgb;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Each frame in colour, whatever mosaic or YCbCr it came in. YUYV needs libyuv on this machine. Confined as every
 * analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "rgb", inputs = "frame", outputs = Rgb.class, budgetMicros = 10_000, inPlace = true,
        profile = Profile.EVERY)
public final class RgbAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public RgbAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "rgb", List.of(), Rgb.class);
    }
}
