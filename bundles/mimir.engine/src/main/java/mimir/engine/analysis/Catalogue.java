// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers.Kind;

/** Which analysers and sources there are, and what fits what. Confined to the lock of the host. */
final class Catalogue {
    private final List<Offer> offers = new ArrayList<>();
    private final Map<String, KnownSource> sources = new TreeMap<>();

    /** @param again a stage waits for it: it gets its name back from who took it meanwhile */
    void add(Offer offer, boolean again) {
        offers.add(again ? 0 : offers.size(), offer);
    }

    void remove(Offer offer) {
        offers.remove(offer);
    }

    void add(KnownSource source) {
        sources.put(source.id(), source);
    }

    /** Its ring and its history stay. */
    void gone(String sourceId) {
        sources.computeIfPresent(sourceId, (id, source) -> source.gone());
    }

    KnownSource source(String id) {
        return sources.get(id);
    }

    /** In order of name; of two with one name the second cannot be used. */
    List<Kind> kinds() {
        return offers.stream().map(offer -> offer == offer(offer.declaration().name()) ? offer.declaration()
                : Declaration.faulty(offer.declaration().name(), offer.declaration().bundle(), taken(offer)))
                .map(Declaration::kind).sorted(Comparator.comparing(Kind::name)).toList();
    }

    private String taken(Offer offer) {
        return "bundle " + offer(offer.declaration().name()).declaration().bundle()
                + " has an analyser of this name already; rename one of them";
    }

    /** Null when there is none. */
    Offer offer(String name) {
        return offers.stream().filter(offer -> offer.declaration().name().equals(name)).findFirst().orElse(null);
    }

    /**
     * An analyser that can be used.
     *
     * @throws BadInputException when there is none
     */
    Offer usable(String name) {
        var offer = offer(name);
        if (offer == null) {
            throw new BadInputException("there is no analyser '" + name + "'; " + (offers.isEmpty()
                    ? "install a bundle that has one" : "name one of " + String.join(", ", names())));
        }
        if (!offer.declaration().fault().isEmpty()) {
            throw new BadInputException("analyser " + name + " cannot be used: " + offer.declaration().fault());
        }
        return offer;
    }

    private List<String> names() {
        return offers.stream().map(offer -> offer.declaration().name()).distinct().sorted().toList();
    }

    /**
     * The sources of an attachment, each of the right kind.
     *
     * @throws BadInputException when one is not
     */
    List<KnownSource> sources(Declaration declaration, List<String> ids) {
        if (ids.size() != declaration.inputs().size()) {
            var inputs = declaration.inputs();
            throw new BadInputException("analyser " + declaration.name() + " takes " + inputs.size()
                    + (inputs.size() == 1 ? " source" : " sources") + " (" + String.join(", ",
                    inputs.stream().map(Object::toString).toList()) + "), not " + ids.size() + "; name as many");
        }
        var found = new ArrayList<KnownSource>();
        for (int i = 0; i < ids.size(); i++) {
            if (ids.indexOf(ids.get(i)) < i) {
                throw new BadInputException("analyser " + declaration.name() + " compares sources, and " + ids.get(i)
                        + " is named twice; name another one");
            }
            found.add(source(declaration, i, ids.get(i)));
        }
        return found;
    }

    private KnownSource source(Declaration declaration, int input, String id) {
        var source = sources.get(id);
        if (source == null) {
            throw new BadInputException("there is no source '" + id + "'; " + (sources.isEmpty()
                    ? "load a rig first" : "name one of " + String.join(", ", sources.keySet())));
        }
        var refusal = source.refusal(declaration.inputs().get(input));
        if (refusal != null) {
            throw new BadInputException("analyser " + declaration.name() + " " + refusal + "; name another source");
        }
        return source;
    }

    /**
     * The one analyser that attaches a type to a source.
     *
     * @throws BadInputException when there is none, or several
     */
    Offer provider(String wanted, String typeId, String source) {
        var able = offers.stream().filter(offer -> offer == offer(offer.declaration().name()))
                .filter(offer -> offer.declaration().makes(typeId) && offer.declaration().inputs().size() == 1
                        && sources.get(source).refusal(offer.declaration().inputs().getFirst()) == null).toList();
        if (able.isEmpty()) {
            throw new BadInputException("analyser " + wanted + " needs " + typeId + " and nobody attaches it to "
                    + source + "; install a bundle with an analyser that does");
        }
        if (able.size() > 1) {
            throw new BadInputException("analyser " + wanted + " needs " + typeId + ", which "
                    + String.join(" and ", able.stream().map(offer -> offer.declaration().name()).toList())
                    + " attach; attach one of them to " + source + " first");
        }
        return able.getFirst();
    }
}
