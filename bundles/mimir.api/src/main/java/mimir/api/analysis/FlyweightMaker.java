// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Makes flyweights of one type. Their class is an ordinary one in the type's own package and class loader: a hidden one
 * may be defined by code of the same loader only. It goes when that loader goes. Immutable.
 */
final class FlyweightMaker {
    private static final MethodType MAKING = MethodType.methodType(Flyweight.class);

    private final MethodHandle constructor;

    private FlyweightMaker(MethodHandle constructor) {
        this.constructor = constructor;
    }

    static FlyweightMaker of(Class<?> type, AttachmentLayout layout) {
        try {
            var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            var made = define(lookup, new FlyweightCode(type, layout));
            var constructor = lookup.findConstructor(made, MethodType.methodType(void.class));
            return new FlyweightMaker(constructor.asType(MAKING));
        } catch (IllegalAccessException | NoSuchMethodException closed) {
            throw new IllegalArgumentException("no class can be made next to the attachment type " + type.getName()
                    + "; its module must open the package to everybody", closed);
        } catch (LinkageError | ClassNotFoundException unseen) {
            throw new IllegalArgumentException("no class can be made next to the attachment type " + type.getName()
                    + " (" + unseen.getMessage() + "); its bundle must import " + Attachment.class.getPackageName(),
                    unseen);
        }
    }

    /** Of two threads that come at once the second finds the class of the first. */
    private static Class<?> define(MethodHandles.Lookup lookup, FlyweightCode code)
            throws IllegalAccessException, ClassNotFoundException {
        try {
            return lookup.defineClass(code.bytes());
        } catch (LinkageError taken) {
            var found = lookup.findClass(code.name());
            if (!Flyweight.class.isAssignableFrom(found)) {
                throw taken;
            }
            return found;
        }
    }

    Flyweight make() {
        try {
            return (Flyweight) constructor.invokeExact();
        } catch (RuntimeException | Error fault) {
            throw fault;
        } catch (Throwable never) {
            throw new IllegalStateException("a constructor without code threw", never);
        }
    }
}
