// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;

/**
 * What a bundle runs on, entry by entry, as a jar again: the file that it was installed from may be another by now.
 * Confined to one call.
 */
final class RevisionJar {
    private final Bundle bundle;
    private final ZipOutputStream jar;

    private RevisionJar(Bundle bundle, ZipOutputStream jar) {
        this.bundle = bundle;
        this.jar = jar;
    }

    /** A jar with the entries of the bundle itself; what its fragments add is theirs. */
    static byte[] of(Bundle bundle) {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new ZipOutputStream(bytes)) {
            var revision = new RevisionJar(bundle, jar);
            revision.entry(JarFile.MANIFEST_NAME); // readers of streams want it first
            revision.folder("/");
        } catch (IOException refused) {
            throw new UncheckedIOException("the content of " + bundle.getSymbolicName()
                    + " cannot be read from the framework's cache (" + refused.getMessage() + ")", refused);
        }
        return bytes.toByteArray();
    }

    private void folder(String path) throws IOException {
        var paths = bundle.getEntryPaths(path);
        if (paths == null) {
            return;
        }
        for (var below : Collections.list(paths)) {
            if (below.endsWith("/")) {
                folder(below);
            } else if (!below.equals(JarFile.MANIFEST_NAME)) {
                entry(below);
            }
        }
    }

    private void entry(String path) throws IOException {
        try (var content = bundle.getEntry(path).openStream()) {
            jar.putNextEntry(new ZipEntry(path));
            content.transferTo(jar);
            jar.closeEntry();
        }
    }
}
