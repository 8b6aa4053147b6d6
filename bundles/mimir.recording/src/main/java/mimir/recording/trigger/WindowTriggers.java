// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.api.recording.Triggers;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Windows;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Rings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Looks a hundred times a second at what all triggers wait for; not at all as long as there is none. Windows reach back
 * in time, so that a late look costs nothing. Thread-safe.
 */
@Component
public final class WindowTriggers implements Triggers {
    private static final long LOOK_NS = 10_000_000;
    private static final Pattern FIELD = Pattern.compile("(\\w+)(?:\\.(\\d{1,6}))?");
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Reservoir reservoir;
    private final Windows windows;
    private final Rings rings;
    private final Workers workers;
    private final Logger log;
    private final List<Armed> armed = new CopyOnWriteArrayList<>();
    private volatile Attachments attachments;
    private int number;    // guarded by this
    private Worker worker; // guarded by this

    /** Without any trigger. */
    @Activate
    public WindowTriggers(@Reference Reservoir reservoir, @Reference Windows windows, @Reference Rings rings,
            @Reference Workers workers, @Reference(service = LoggerFactory.class) Logger log) {
        this.reservoir = reservoir;
        this.windows = windows;
        this.rings = rings;
        this.workers = workers;
        this.log = log;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setAttachments(Attachments service) {
        attachments = service;
    }

    /** Readers that are open go on: results outlive who hands out their readers. */
    void unsetAttachments(Attachments service) {
        attachments = attachments == service ? null : attachments;
    }

    @Override
    public Trigger onEvent(String source, String event, Span span) {
        check(span);
        var cursor = reservoir.open(source, HostClock.nowNs(), Long.MAX_VALUE);
        var ring = rings.find(source);
        if (ring.isPresent() && ring.get().stats().itemKind() != Abi.ITEM_EVENT) {
            throw new BadInputException(source + " sends no events, and each of its items would open a window;"
                    + " name a source of events, or a type and a field of results");
        }
        return add((event.isEmpty() ? "an event of " : "event " + event + " of ") + source, span,
                new EventWatch(cursor, source, event));
    }

    @Override
    public Trigger onResult(String source, String type, String field, double above, Span span) {
        check(span);
        var results = attachments;
        if (results == null) {
            throw new IllegalStateException("mimir.engine does not run: 'lb mimir.engine' shows its state, and warnings"
                    + " above say why");
        }
        if (Double.isNaN(above)) {
            throw new BadInputException("a threshold must be a number");
        }
        var layout = results.types(source).stream().filter(one -> one.id().equals(type)).findFirst().orElseThrow(() ->
                new BadInputException("nothing of type " + type + " was attached to " + source
                        + "; attach an analyser that gives it first"));
        var watched = watched(layout, field);
        int index = watched.length() == 1 ? 0 : Integer.parseInt(field.substring(field.indexOf('.') + 1));
        return add(type + " " + field + " of " + source + " above " + above, span,
                new ResultWatch(results, source, layout, watched, index, above, HostClock.nowNs()));
    }

    private static AttachmentLayout.Field watched(AttachmentLayout layout, String word) {
        var found = FIELD.matcher(word);
        var field = layout.fields().stream().filter(one -> found.matches() && one.name().equals(found.group(1)))
                .findFirst().orElseThrow(() -> new BadInputException(layout.id() + " has no field '" + word
                        + "'; it has " + layout.fields().stream().map(AttachmentLayout.Field::name)
                        .collect(Collectors.joining(", "))));
        var index = found.group(2);
        if (field.length() == 1 ? index != null : index == null || Integer.parseInt(index) >= field.length()) {
            throw new BadInputException("field " + field.name() + " has " + (field.length() == 1
                    ? "one value; name it without a number" : field.length() + " values; name one, from "
                    + field.name() + ".0 to " + field.name() + "." + (field.length() - 1)));
        }
        return field;
    }

    private static void check(Span span) {
        if (span.preNs() < 0 || span.postNs() < 0 || span.preNs() + span.postNs() <= 0 || span.holdNs() <= 0) {
            throw new BadInputException("a window needs some time before or after its trigger, and some time to be"
                    + " kept: " + span);
        }
    }

    private synchronized Trigger add(String when, Span span, Watch watch) {
        var trigger = new Armed("t" + ++number, when, span, watch, windows);
        armed.add(trigger);
        if (worker == null) {
            worker = workers.start("triggers", WorkClass.NORMAL, false, this::run);
        }
        worker.wake();
        return trigger.told();
    }

    private void run(Worker self) {
        while (!self.stopping()) {
            armed.forEach(this::look);
            self.pause(armed.isEmpty() ? Long.MAX_VALUE : LOOK_NS);
        }
        armed.forEach(Armed::close);
    }

    /** One that fails ends alone. */
    private void look(Armed trigger) {
        try {
            if (!trigger.removed()) {
                trigger.look();
            }
        } catch (RuntimeException broken) {
            log.warn("trigger {} ended: {}", trigger.name, broken.getMessage());
            trigger.remove();
        }
        if (trigger.removed()) {
            armed.remove(trigger);
            trigger.close();
        }
    }

    @Override
    public List<Trigger> list() {
        return armed.stream().filter(trigger -> !trigger.removed()).map(Armed::told).toList();
    }

    @Override
    public boolean remove(String name) {
        var found = armed.stream().filter(trigger -> trigger.name.equals(name) && !trigger.removed()).findFirst();
        found.ifPresent(Armed::remove);
        return found.isPresent();
    }

    @Deactivate
    void close() {
        Worker last;
        synchronized (this) {
            last = worker;
        }
        if (last != null) {
            last.stop(PATIENCE);
        }
    }
}
