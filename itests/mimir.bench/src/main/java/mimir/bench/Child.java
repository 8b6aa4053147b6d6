// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

/** The JVM of one trial: its figures go to standard output as lines. Confined to the main thread. */
public final class Child {
    private Child() {
    }

    /** Arguments: suite, trial, scale. */
    public static void main(String[] arguments) {
        var results = new Results();
        try {
            Suites.find(arguments[0], arguments[1]).trial().get().run(Scale.valueOf(arguments[2]), results);
        } catch (Exception e) {
            System.out.println("failed " + e);
            System.exit(1);
        }
        results.lines().forEach(System.out::println);
        System.exit(0); // threads of a peer may still run
    }
}
