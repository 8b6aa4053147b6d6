// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

/** What one bundle has of something that all share; it ends with the bundle, and shows its name. Thread-safe. */
abstract class OfBundle {
    private final String owner;
    private volatile boolean gone;

    OfBundle(String owner) {
        this.owner = owner;
    }

    /**
     * The bundle can do what it is about to do.
     *
     * @throws IllegalStateException when it is gone
     */
    final void checkThere(String what) {
        if (gone) {
            throw new IllegalStateException("bundle " + owner + " is gone and can " + what);
        }
    }

    final void leave() {
        gone = true;
    }

    @Override
    public final String toString() {
        return owner;
    }
}
