// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.regex.Pattern;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.VersionRange;

/** What a swap reads of manifests, be they of jars or of installed bundles. Immutable. */
final class Headers {
    private static final Pattern BUNDLE_VERSION = Pattern.compile("bundle-version\\s*=\\s*\"?([^\";]+)\"?");
    private static final VersionRange ANY = new VersionRange("0");

    private Headers() {
    }

    /** The name at the front of a header, without its attributes; empty when there is no header. */
    static String first(String header) {
        return header == null ? "" : header.split(";")[0].strip();
    }

    /** Symbolic name of the host that a bundle is a fragment of, empty when it is none. */
    static String hostOf(Bundle bundle) {
        return first(bundle.getHeaders().get(Constants.FRAGMENT_HOST));
    }

    /** Versions of the host that a fragment attaches to. */
    static VersionRange hostVersions(String fragmentHost) {
        var wanted = BUNDLE_VERSION.matcher(fragmentHost);
        return wanted.find() ? new VersionRange(wanted.group(1)) : ANY;
    }
}
