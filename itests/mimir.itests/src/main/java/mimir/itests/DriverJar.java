// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A bundle of this framework as a jar again, with a fault planted into its code or its library. Confined. */
final class DriverJar {
    private static final ClassDesc FAULT = ClassDesc.of("java.lang.IllegalStateException");
    private static final ClassDesc SEMAPHORE = ClassDesc.of("java.util.concurrent.Semaphore");

    private final Bundle bundle;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private String entry = "none";
    private Change change = content -> content;

    /** What is done to the bytes of an entry. */
    private interface Change {
        byte[] of(byte[] content);
    }

    DriverJar(BundleContext context, String name) {
        bundle = Arrays.stream(context.getBundles()).filter(one ->
                one.getSymbolicName().equals(name)).findFirst().orElseThrow();
    }

    /** With this in its manifest. */
    DriverJar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** With one clause more in a header of its manifest. */
    DriverJar more(String name, String clause) {
        return header(name, bundle.getHeaders().get(name) + "," + clause);
    }

    /** Files that end so hold this text instead. */
    DriverJar text(String suffix, String text) {
        entry = suffix;
        change = content -> text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    /** A name in a library becomes another of the same length. */
    DriverJar rename(String suffix, String name, String other) {
        entry = suffix;
        change = content -> new String(content, StandardCharsets.ISO_8859_1).replace(name + '\0', other + '\0')
                .getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    /** The constructor of a class throws. */
    DriverJar constructorThrows(String type, String message) {
        return code(type, ConstantDescs.INIT_NAME, code -> fail(code, message));
    }

    /** The constructor of a class waits for ever, or until it is interrupted. */
    DriverJar constructorWaits(String type) {
        return code(type, ConstantDescs.INIT_NAME, code -> {
            code.new_(SEMAPHORE).dup().iconst_0();
            code.invokespecial(SEMAPHORE, ConstantDescs.INIT_NAME, MethodTypeDesc.ofDescriptor("(I)V"));
            code.invokevirtual(SEMAPHORE, "acquire", ConstantDescs.MTD_void);
            fail(code, "it was let go");
        });
    }

    /** A method without a result does nothing. */
    DriverJar empty(String type, String method) {
        return code(type, method, CodeBuilder::return_);
    }

    private static void fail(CodeBuilder code, String message) {
        code.new_(FAULT).dup().ldc(message);
        code.invokespecial(FAULT, ConstantDescs.INIT_NAME, MethodTypeDesc.ofDescriptor("(Ljava/lang/String;)V"));
        code.athrow();
    }

    private DriverJar code(String type, String method, Consumer<CodeBuilder> code) {
        entry = type.replace('.', '/') + ".class";
        change = content -> {
            var classes = ClassFile.of();
            return classes.transformClass(classes.parse(content), ClassTransform.transformingMethods(
                    one -> one.methodName().equalsString(method), (builder, part) -> {
                        if (part instanceof CodeModel) {
                            builder.withCode(code);
                        } else {
                            builder.with(part);
                        }
                    }));
        };
        return this;
    }

    /** Writes it under the name of the bundle. */
    Path write(Path folder) throws IOException {
        var file = folder.resolve(bundle.getSymbolicName() + ".jar");
        var manifest = new Manifest();
        try (InputStream stream = bundle.getEntry("META-INF/MANIFEST.MF").openStream()) {
            manifest.read(stream);
        }
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            copy("/", jar);
        }
        return file;
    }

    private void copy(String folder, JarOutputStream jar) throws IOException {
        for (var path : Collections.list(bundle.getEntryPaths(folder))) {
            if (path.endsWith("/")) {
                copy(path, jar);
            } else if (!path.equals("META-INF/MANIFEST.MF")) {
                jar.putNextEntry(new ZipEntry(path));
                try (var content = bundle.getEntry(path).openStream()) {
                    jar.write(path.endsWith(entry) ? change.of(content.readAllBytes()) : content.readAllBytes());
                }
                jar.closeEntry();
            }
        }
    }
}
