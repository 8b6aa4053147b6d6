// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.stream.Stream;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Bundles for the commands of the framework, such as {@code stop}, by number or symbolic name. Gogo has this in its own
 * shell, which Mimir does without. Immutable.
 */
@Component(service = Converter.class, property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleConverter implements Converter {
    private final BundleContext context;

    /** Of the framework of this bundle. */
    @Activate
    public BundleConverter(BundleContext context) {
        this.context = context;
    }

    /** Null when it is asked for something else, or there is no such bundle. */
    @Override
    public Object convert(Class<?> wanted, Object given) {
        var word = given.toString();
        return wanted != Bundle.class ? null
                : word.matches("\\d{1,18}") ? context.getBundle(Long.parseLong(word)) : named(word);
    }

    private Bundle named(String name) {
        return Stream.of(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst()
                .orElse(null);
    }

    /** Null: bundles are shown as they are. */
    @Override
    public CharSequence format(Object shown, int level, Converter others) {
        return null;
    }
}
