// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.util.List;
import mimir.api.work.Pools;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** The {@link Pools} of one bundle: what it leaves open when it goes is closed and named. Thread-safe. */
@Component(scope = ServiceScope.BUNDLE)
public final class BundlePools extends OfBundle implements Pools {
    private final PoolSet pools;

    /** Over the pools of this process, for the bundle that asks. */
    @Activate
    public BundlePools(ComponentContext context, @Reference PoolSet pools) {
        this(context.getUsingBundle().getSymbolicName(), pools);
    }

    BundlePools(String owner, PoolSet pools) {
        super(owner);
        this.pools = pools;
    }

    @Override
    public Strand strand(String name, WorkClass workClass, long budgetNs, Job job) {
        checkThere("open no strand " + name);
        return pools.open(this, name, workClass, budgetNs, false, job);
    }

    @Override
    public Strand trial(String name, WorkClass workClass, long budgetNs, Job job) {
        checkThere("open no strand " + name);
        return pools.open(this, name, workClass, budgetNs, true, job);
    }

    @Override
    public List<StrandStats> strands() {
        return pools.stats();
    }

    /** The bundle is gone. */
    @Deactivate
    void close() {
        leave();
        pools.closeOf(this);
    }
}
