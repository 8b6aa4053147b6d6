// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Spectrum;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * Power over frequency. {@code channel}: which one, from 0; -1 for the mean of all. Of class HIGH: blocks are many and
 * cheap, and a picture must not keep them waiting until they are overwritten. Confined as every analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "spectrum", inputs = "audio", outputs = Spectrum.class,
        workClass = WorkClass.HIGH, budgetMicros = 30_000, profile = Profile.EVERY, parameters = "channel=-1")
public final class SpectrumAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public SpectrumAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "spectrum", List.of(), Spectrum.class,
                new Parameter("channel", -1, 4095));
    }
}
