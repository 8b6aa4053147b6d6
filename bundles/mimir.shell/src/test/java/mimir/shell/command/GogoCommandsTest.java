// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;

class GogoCommandsTest {
    private final List<String> ran = new ArrayList<>();

    private Object execute(Object... words) throws Exception {
        var session = (CommandSession) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {CommandSession.class}, (proxy, method, arguments) -> null);
        return GogoCommands.function(new Echo()).execute(session, Arrays.asList(words));
    }

    @Test
    void shouldTakeAnyWordAsItsText() throws Exception {
        execute("left", 7);

        assertThat(ran).containsExactly("left", "7");
    }

    @Test
    void shouldRefuseAVariableWithoutValue() {
        assertThatThrownBy(() -> execute("left", null)).isInstanceOf(BadInputException.class)
                .hasMessageContaining("a variable that has no value");
        assertThat(ran).isEmpty();
    }

    /** Keeps its words. */
    private final class Echo implements Command {
        @Override
        public Syntax syntax() {
            return Syntax.of("echo", "keeps its words", "WORD…", 0, 9, Json.OPTION);
        }

        @Override
        public Answer run(Given given, Consumer<String> progress) {
            ran.addAll(given.arguments());
            return Answer.of("");
        }
    }
}
