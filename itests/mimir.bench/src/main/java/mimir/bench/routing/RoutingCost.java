// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * The JVM of one side of a {@link Contest}: a way's name on a line of standard input is answered by what that way costs
 * with the ring that is on the class path, in a ring that is opened for it. Confined to the main thread.
 */
public final class RoutingCost {
    private RoutingCost() {
    }

    /** Argument: percent of the items that go twice and count once. */
    public static void main(String[] arguments) throws IOException {
        int burden = Integer.parseInt(arguments[0]);
        var ways = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var way = ways.readLine(); way != null; way = ways.readLine()) {
            System.out.println(Way.valueOf(way).leastNs(burden));
        }
    }
}
