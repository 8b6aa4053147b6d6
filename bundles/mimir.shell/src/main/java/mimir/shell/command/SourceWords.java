// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.Alias;
import mimir.api.source.Source;

/**
 * Sources as people name them: by id, alias, what the device tells of itself, a beginning or a pattern. The engine
 * knows what is meant; without it a word means itself. Immutable.
 */
final class SourceWords {
    private SourceWords() {
    }

    /**
     * The one source that a word means.
     *
     * @throws mimir.api.BadInputException when it means none or several
     */
    static String one(Services services, String word) {
        return services.find(Devices.class).map(devices -> devices.one(word)).orElse(word);
    }

    /**
     * The sources that a word means, several for a pattern.
     *
     * @throws mimir.api.BadInputException when it means none, or may mean several
     */
    static List<String> named(Services services, String word) {
        return services.find(Devices.class).map(devices -> devices.named(word)).orElseGet(() ->
                Names.isPattern(word) ? Names.fitting(word, ids(services)) : List.of(word));
    }

    /** The same for several words; each source once, and whatever is known elsewhere as it is. */
    static List<String> named(Services services, Collection<String> words, Collection<String> known) {
        return words.stream().flatMap(word -> known.contains(word) ? Stream.of(word)
                : named(services, word).stream()).distinct().toList();
    }

    private static List<String> ids(Services services) {
        return services.all(Source.class).stream().map(Source::id).sorted().toList();
    }

    /** Ids and aliases, for completion. */
    static List<String> candidates(Services services) {
        var aliases = services.find(Devices.class).map(Devices::aliases).orElse(List.of());
        var devices = services.find(Devices.class).map(Devices::list).orElse(List.of()).stream()
                .map(Devices.Device::id);
        return Stream.of(ids(services).stream(), devices, aliases.stream().filter(Alias::here).map(Alias::name))
                .flatMap(names -> names).sorted().distinct().toList();
    }
}
