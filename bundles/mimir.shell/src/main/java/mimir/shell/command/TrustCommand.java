// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.swap.TrustList;
import mimir.api.swap.Trusted;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** What may come in besides what Mimir shipped with. Thread-safe. */
final class TrustCommand implements Command {
    /** Nobody waited for it before: it may be asked for without a rig. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ANY = Integer.MAX_VALUE;
    private static final String HASH = "[0-9a-fA-F]{64}";

    private static final Listing<Trusted> LISTING = new Listing<>(
            Column.of("KIND", "kind", one -> one.kind().name().toLowerCase(Locale.ROOT)),
            Column.of("SHA-256", "sha256", Trusted::sha256),
            Column.of("NAME", "name", Trusted::name));

    private final Services services;

    TrustCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("trust", "let a jar in by its hash, or all that one signer signs", "[FILE|KEY|HASH]…", 0, ANY,
                Option.flag("--list", "what is trusted"),
                Option.flag("--remove", "take it off the list: by name, or by the first digits of its hash"),
                Json.OPTION);
    }

    @Override
    public boolean needsRig() {
        return false;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var list = services.await(TrustList.class, PATIENCE).orElseThrow(() -> Services.missing("mimir.swap"));
        var words = given.arguments();
        if (given.has("--list") == !words.isEmpty()) {
            throw new BadInputException("trust needs a jar, the certificate of a signer or a hash, or --list alone;"
                    + " see help trust");
        }
        if (given.has("--list")) {
            var all = list.trusted();
            return given.has("--json") ? Json.answer(LISTING.values(all)) : Answer.of(all.isEmpty()
                    ? "Nothing but what Mimir shipped with." : LISTING.table(all));
        }
        var done = new ArrayList<Trusted>();
        words.forEach(word -> done.addAll(given.has("--remove") ? List.of(list.forget(word)) : trust(list, word)));
        return given.has("--json") ? Json.answer(LISTING.values(done)) : Answer.of(LISTING.table(done));
    }

    private static List<Trusted> trust(TrustList list, String word) {
        var files = word.matches(HASH) ? List.of(Path.of(word)) : WholeFile.paths("trust", word);
        return files.stream().map(file -> list.trust(file.toString())).toList();
    }
}
