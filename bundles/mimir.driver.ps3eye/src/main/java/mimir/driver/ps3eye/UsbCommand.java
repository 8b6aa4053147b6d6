// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.List;
import mimir.api.BadInputException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** The command {@code mimir:usb}: what is on the buses, and what the cameras take of them. Thread-safe. */
@Component(service = Function.class, configurationPolicy = ConfigurationPolicy.IGNORE,
        property = {"osgi.command.scope=mimir", "osgi.command.function=usb",
            "mimir.command.summary=what is plugged into USB, and what the cameras take of each bus",
            "mimir.command.options=--json=for programs: JSON with stable names"})
public final class UsbCommand implements Function {
    private static final String HELP = """
            usb [--json]
                what is plugged into USB, and what the cameras take of each bus
              --json               for programs: JSON with stable names""";

    private final Ps3EyeLibrary library;

    /** With the cameras of this bundle. */
    @Activate
    public UsbCommand(@Reference Ps3EyeLibrary library) {
        this.library = library;
    }

    /** To the console of the session, and not as a result: of a list of commands Gogo shows the last result only. */
    @Override
    public Object execute(CommandSession session, List<Object> words) {
        session.getConsole().println(answer(words.stream().map(String::valueOf).toList()));
        return null;
    }

    /**
     * The buses as a table or, with {@code --json}, as JSON. Where USB cannot be used it is one sentence that says what
     * to do. Blocks for as long as a camera that is being opened takes to answer.
     *
     * @throws BadInputException for other words
     */
    private String answer(List<String> given) {
        if (given.contains("--help") || given.contains("-h")) {
            return HELP;
        }
        var unknown = given.stream().filter(word -> !word.equals("--json")).findFirst();
        if (unknown.isPresent()) {
            throw new BadInputException("usb does not know '" + unknown.get() + "'; it takes --json and nothing else");
        }
        return given.isEmpty() ? look().table() : look().json();
    }

    private UsbListing look() {
        var places = library.places();
        try {
            return UsbListing.of(places.planner(library.list(), null), places.refusals());
        } catch (IllegalStateException unusable) {
            return new UsbListing(unusable.getMessage(), List.of(), places.refusals());
        }
    }
}
