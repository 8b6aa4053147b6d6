// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.swap.TrustList;
import mimir.api.swap.Trusted;

/** Trusts whatever it is told, and says which words it was given. Confined. */
final class FakeTrustList implements TrustList {
    final List<String> asked = new ArrayList<>();
    private final List<Trusted> trusted = new ArrayList<>();

    @Override
    public Trusted trust(String fileOrHash) {
        asked.add(fileOrHash);
        if (fileOrHash.endsWith(".txt")) {
            throw new BadInputException(fileOrHash + " is no sound jar; build or copy it again");
        }
        boolean signer = fileOrHash.endsWith(".crt");
        trusted.add(new Trusted(signer ? Trusted.Kind.SIGNER : Trusted.Kind.HASH, (signer ? "c" : "a").repeat(64),
                signer ? "CN=lab" : fileOrHash));
        return trusted.getLast();
    }

    @Override
    public Trusted forget(String which) {
        asked.add("not " + which);
        var one = trusted.stream().filter(known -> known.name().equals(which)).findFirst().orElseThrow(() ->
                new BadInputException("'" + which + "' is not trusted; see mimir:trust --list for what is"));
        trusted.remove(one);
        return one;
    }

    @Override
    public List<Trusted> trusted() {
        return List.copyOf(trusted);
    }
}
