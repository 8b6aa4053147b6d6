// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.util.List;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Level;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * How loud each channel is, and whether somebody speaks. {@code window}: time measured, ms, in whole blocks; {@code
 * margin}: how far a voice stands above the noise, dB; {@code hangover}: how long it counts on, ms. Confined as every
 * analyser is.
 */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "level", inputs = "audio", outputs = Level.class,
        workClass = WorkClass.HIGH, budgetMicros = 30_000, profile = Profile.EVERY,
        parameters = {"window=20", "margin=9", "hangover=200"})
public final class LevelAnalyzer extends NativeAnalyzer {
    /** On the native library of this bundle. */
    @Activate
    public LevelAnalyzer(@Reference AnalysisLibrary library) {
        super(library, "level", List.of(), Level.class,
                new Parameter("window", 1, 1000),
                new Parameter("margin", 1, 60),
                new Parameter("hangover", 0, 10000));
    }
}
