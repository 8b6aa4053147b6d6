// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.rig.Devices;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;

/**
 * The words {@code SOURCE… ANALYSER [NAME=VALUE]…}. Immutable.
 *
 * @param sources as typed, patterns among them
 * @param analyser name of the analyser
 * @param parameters in the order in which they were typed
 */
record StageWords(List<String> sources, String analyser, Map<String, String> parameters) {
    static final String SHAPE = "SOURCE… ANALYSER";

    static StageWords of(String command, List<String> words) {
        var names = words.stream().takeWhile(word -> word.indexOf('=') < 0).toList();
        if (names.size() < 2) {
            throw new BadInputException(command + " needs a source and then an analyser, as in " + command
                    + " sim.camera.1 flow");
        }
        var parameters = new LinkedHashMap<String, String>();
        for (var word : words.subList(names.size(), words.size())) {
            int equals = word.indexOf('=');
            if (equals < 1 || parameters.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new BadInputException(command + " cannot use '" + word
                        + "': behind the analyser stand its parameters, each once, such as threshold=4");
            }
        }
        return new StageWords(names.subList(0, names.size() - 1), names.getLast(), parameters);
    }

    /**
     * The same with ids in the place of aliases and beginnings.
     *
     * @param known sources that need not be there
     */
    StageWords meant(Services services, Collection<String> known) {
        var ids = services.all(Source.class).stream().map(Source::id).toList();
        var meant = sources.stream().flatMap(word -> known.contains(word) || Names.isPattern(word)
                && Stream.of(ids, known).anyMatch(names -> !Names.fitting(word, names).isEmpty()) ? Stream.of(word)
                : services.find(Devices.class).map(devices -> devices.named(word)).orElse(List.of(word)).stream());
        return new StageWords(meant.toList(), analyser, parameters);
    }

    /** What analyser is meant. */
    Kind kind(Analyzers analyzers) {
        var kinds = analyzers.kinds();
        var known = kinds.stream().filter(kind -> kind.name().equals(analyser)).findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        if (kinds.stream().anyMatch(kind -> kind.name().equals(sources.getFirst()))) {
            throw new BadInputException("'" + analyser + "' is no analyser; name the sources first and then "
                    + sources.getFirst());
        }
        throw new BadInputException("there is no analyser '" + analyser + "'"
                + Names.thereAre(kinds.stream().map(Kind::name).toList()));
    }

    /**
     * The sources to attach to, one list for each stage: each source alone, or all of them for an analyser of several.
     * A pattern means the sources of the kind that the analyser takes.
     */
    List<List<String>> places(Kind kind, Collection<Source> present) {
        var ids = present.stream().map(Source::id).sorted().toList();
        var chosen = new ArrayList<String>();
        for (var word : sources) {
            var fitting = Names.isPattern(word) ? Names.fitting(word, usable(kind, present)) : List.of(word);
            if (fitting.isEmpty() || !ids.containsAll(fitting)) {
                var which = Names.isPattern(word) ? "no source of kind " + modality(kind) + " fits '" + word + "'"
                        : "there is no source '" + word + "'";
                throw new BadInputException(which + Names.thereAre(ids));
            }
            chosen.addAll(fitting);
        }
        return kind.inputs().size() > 1 ? List.of(List.copyOf(chosen))
                : chosen.stream().distinct().map(List::of).toList();
    }

    private static List<String> usable(Kind kind, Collection<Source> present) {
        return present.stream().filter(source -> modality(kind).equals(SourceProperties.kind(source)))
                .map(Source::id).toList();
    }

    /** {@code frame} of {@code frame:GREY8}. */
    private static String modality(Kind kind) {
        return kind.inputs().isEmpty() ? "" : kind.inputs().getFirst().split(":")[0];
    }

    /** The stages that are meant; names that no stage has are left to the engine, which says what is wrong. */
    List<List<String>> stages(Analyzers analyzers) {
        var own = analyzers.stages().stream().filter(stage -> stage.name().equals(analyser))
                .map(Analyzers.StageStats::sources).toList();
        if (own.contains(sources) || sources.stream().noneMatch(Names::isPattern) && !areSingle(own)) {
            return List.of(sources);
        }
        var places = new ArrayList<List<String>>();
        for (var word : sources) {
            var fitting = own.stream().filter(at -> at.stream().anyMatch(id ->
                    !Names.fitting(word, List.of(id)).isEmpty())).toList();
            if (fitting.isEmpty() && Names.isPattern(word)) {
                throw new BadInputException(analyser + " is attached to no source that fits '" + word + "'"
                        + Names.thereAre(own.stream().map(at -> String.join(" ", at)).toList()));
            }
            places.addAll(fitting.isEmpty() ? List.of(List.of(word)) : fitting);
        }
        return places.stream().distinct().toList();
    }

    private static boolean areSingle(List<List<String>> places) {
        return places.stream().allMatch(at -> at.size() == 1);
    }
}
