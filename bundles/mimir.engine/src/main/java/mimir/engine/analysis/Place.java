// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.analysis.Stage;
import mimir.ring.RingFormat;

/**
 * Where an analyser stands. Immutable.
 *
 * @param analyser its name
 * @param formats of the sources, as they are now
 * @param parameters all values, the defaults included
 */
public record Place(String analyser, List<String> sourceIds, List<RingFormat> formats, Map<String, String> parameters)
        implements Stage {

    /** Lists and maps are copied. */
    public Place {
        sourceIds = List.copyOf(sourceIds);
        formats = List.copyOf(formats);
        parameters = Map.copyOf(parameters);
    }

    @Override
    public int sources() {
        return sourceIds.size();
    }

    @Override
    public String source(int index) {
        return sourceIds.get(index);
    }

    @Override
    public RingFormat format(int index) {
        return formats.get(index);
    }

    @Override
    public String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("analyser " + analyser + " declares no parameter '" + name
                    + "'; add it to its @Analysis");
        }
        return value;
    }

    @Override
    public double number(String name) {
        var value = parameter(name);
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException none) {
            throw new BadInputException("parameter " + name + " of analyser " + analyser + " is '" + value
                    + "'; give a number");
        }
    }
}
