// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.api.media.Attached;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Retention;
import mimir.api.source.Source;
import mimir.api.time.ClockMaps;
import mimir.api.work.Pools;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Brings analysers, sources and clock maps from the registry to the host, and is its services. Thread-safe. */
@Component(immediate = true, service = {Analyzers.class, Attachments.class})
public final class AnalysisHost implements Analyzers, Attachments {
    private final BundleContext context;
    private final Results results;
    private final Times times = new Times();
    private final Hosting hosting;
    private final Map<ServiceReference<Analyzer>, Offer> offers = new ConcurrentHashMap<>();

    /** Hosts nothing yet; what there is comes next. */
    @Activate
    public AnalysisHost(BundleContext context, @Reference Rings rings, @Reference Pools pools,
            @Reference Workers workers, @Reference(service = LoggerFactory.class) Logger log) {
        this.context = context;
        this.results = new Results(rings);
        this.hosting = new Hosting(new Means(rings, pools, results, times, log::warn,
                (name, call) -> workers.start(name, WorkClass.NORMAL, false, self -> call.run())), workers);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(Source source) {
        hosting.addSource(KnownSource.of(source));
    }

    void removeSource(Source source) {
        hosting.removeSource(source.id());
    }

    @Reference(service = Analyzer.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addAnalyzer(ServiceReference<Analyzer> reference) {
        var offer = new Offer(declaration(reference), new ServiceInstances(context, reference));
        offers.put(reference, offer);
        hosting.addOffer(offer);
    }

    private static Declaration declaration(ServiceReference<Analyzer> reference) {
        var properties = new TreeMap<String, Object>();
        for (var key : reference.getPropertyKeys()) {
            properties.put(key, reference.getProperty(key));
        }
        var bundle = reference.getBundle();
        var label = String.valueOf(properties.getOrDefault("component.name", bundle.getSymbolicName()));
        var declaration = DeclarationReader.read(properties, label, bundle.getSymbolicName(), bundle::loadClass);
        boolean prototype = Constants.SCOPE_PROTOTYPE.equals(properties.get(Constants.SERVICE_SCOPE));
        return prototype || !declaration.fault().isEmpty() ? declaration : Declaration.faulty(declaration.name(),
                bundle.getSymbolicName(), "its component has one instance for all sources; declare it with scope = "
                + "ServiceScope.PROTOTYPE");
    }

    void removeAnalyzer(ServiceReference<Analyzer> reference) {
        var offer = offers.remove(reference);
        if (offer != null) {
            hosting.removeOffer(offer);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setMaps(ClockMaps maps) {
        times.maps(maps);
    }

    void unsetMaps(ClockMaps maps) {
        if (times.maps() == maps) {
            times.maps(null);
        }
    }

    /** It outlives this: what is there then is kept. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setRetention(Retention retention) {
        results.retention(retention);
    }

    void unsetRetention(Retention retention) {
        if (results.retention() == retention) {
            results.retention(null);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setReservoir(Reservoir reservoir) {
        hosting.histories().reservoir(reservoir);
    }

    void unsetReservoir(Reservoir reservoir) {
        if (hosting.histories().reservoir() == reservoir) {
            hosting.histories().reservoir(null);
        }
    }

    @Deactivate
    void close() {
        hosting.close();
    }

    @Override
    public List<Kind> kinds() {
        return hosting.kinds();
    }

    @Override
    public List<StageStats> stages() {
        return hosting.stages();
    }

    @Override
    public void attach(String name, List<String> sources, Map<String, String> parameters, long backNs) {
        hosting.attach(name, sources, parameters, backNs);
    }

    @Override
    public void detach(String name, List<String> sources) {
        hosting.detach(name, sources);
    }

    @Override
    public void enable(String name, List<String> sources) {
        hosting.enable(name, sources);
    }

    @Override
    public <T extends Attachment> AttachmentReader<T> reader(String source, Class<T> type) {
        return results.reader(source, type);
    }

    @Override
    public AttachmentReader<Attachment> reader(String source, AttachmentLayout layout) {
        return results.reader(source, layout);
    }

    @Override
    public Attached of(String source) {
        return results.of(source);
    }

    @Override
    public List<AttachmentLayout> types(String source) {
        return results.types(source);
    }
}
