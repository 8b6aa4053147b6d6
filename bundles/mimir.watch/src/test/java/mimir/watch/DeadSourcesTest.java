// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.report.Alarm;
import mimir.api.rig.Devices.Device;
import mimir.api.rig.Devices.State;
import mimir.api.source.DeviceIdentity;
import mimir.ring.Abi;
import mimir.ring.DropReason;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.Logger;

class DeadSourcesTest {
    private static final long S = 1_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final DeadSources dead = new DeadSources((Logger) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {Logger.class}, (proxy, method, arguments) -> told.add(method.getName() + " "
            + String.join(" ", List.of((Object[]) flat(arguments)).stream().map(String::valueOf).toList()))));

    private static Object[] flat(Object[] arguments) {
        var all = new ArrayList<>();
        for (var one : arguments) {
            all.addAll(one instanceof Object[] many ? List.of(many) : List.of(one));
        }
        return all.subList(1, all.size()).toArray();
    }

    private static DeadSources.Seen camera(double rate, boolean over, int state, long published, long unplugged) {
        return new DeadSources.Seen("cam", "driver", rate, over, state, published,
                unplugged == 0 ? Map.of() : Map.of(DropReason.UNPLUGGED, unplugged));
    }

    private void look(double atS, DeadSources.Seen source) {
        dead.look(Math.round(atS * S), List.of(source), List.of(), id -> 0);
    }

    private void lookForAbsent(double atS, double lastItemS, Device device) {
        dead.look(Math.round(atS * S), List.of(), List.of(device), id -> Math.round(lastItemS * S));
    }

    private List<String> causes() {
        return dead.alarms().stream().map(Alarm::cause).toList();
    }

    @Test
    void shouldRaiseOneAlarmWithItsCauseAndClearItWhenTheSourceIsBack() {
        look(10, camera(60, false, Abi.STATE_LIVE, 100, 0));
        look(11.9, camera(60, false, Abi.STATE_LIVE, 100, 70));
        assertEquals(List.of(), causes());
        look(12.1, camera(60, false, Abi.STATE_LIVE, 100, 80));
        look(15, camera(60, false, Abi.STATE_LIVE, 100, 300));
        var cause = "is silent: its device is unplugged; plug it in again, at any port";
        assertEquals(List.of(new Alarm("cam", 10 * S, cause)), dead.alarms());
        assertEquals(List.of("error cam " + cause), told);

        look(16, camera(60, false, Abi.STATE_LIVE, 101, 310));
        assertEquals(List.of(), causes());
        assertEquals(List.of("error cam " + cause, "warn cam 6.0"), told);
    }

    @Test
    void shouldWaitForASlowSource() {
        look(0, camera(0.5, false, Abi.STATE_LIVE, 1, 0));
        look(39, camera(0.5, false, Abi.STATE_LIVE, 1, 0));
        assertEquals(List.of(), causes());
        look(41, camera(0.5, false, Abi.STATE_LIVE, 1, 0));
        assertEquals(List.of("is silent: its device sends nothing and driver tells no reason; 'stop cam; start cam'"
                + " starts it anew"), causes());
    }

    @Test
    void shouldNotMissWhatIsOverOrIsToStand() {
        look(0, camera(60, true, Abi.STATE_LIVE, 100, 0));
        look(5, camera(60, true, Abi.STATE_LIVE, 100, 0));
        lookForAbsent(9, 0, device(State.STOPPED, ""));
        dead.look(19 * S, List.of(), List.of(), id -> 0);
        assertEquals(List.of(), causes());
        assertEquals(List.of(), told);
    }

    private static Device device(State state, String cause) {
        return new Device("cam", List.of(), "driver", "", DeviceIdentity.NONE, state, cause);
    }

    @Test
    void shouldMissADeviceWhoseDriverIsAwayButNotWhileItIsSwapped() {
        look(0, camera(60, false, Abi.STATE_LIVE, 100, 0));
        lookForAbsent(1, 0, device(State.ABSENT, "its driver does not run"));
        assertEquals(List.of(), causes());
        lookForAbsent(3, 0, device(State.ABSENT, "its driver does not run"));
        assertEquals(List.of("is gone: its driver does not run"), causes());
        look(4, camera(60, false, Abi.STATE_LIVE, 100, 0));
        lookForAbsent(5, 4, device(State.FAULTY, "the port is in use"));
        assertEquals(List.of("does not run: the port is in use"), causes());
        dead.look(6 * S, List.of(), List.of(), id -> 0);
        assertEquals(List.of("error cam is gone: its driver does not run", "warn cam 4.0",
                "error cam does not run: the port is in use"), told);
    }

    @Test
    void shouldNotMissADeviceThatRanBetweenTwoSwaps() {
        var absent = device(State.ABSENT, "its driver has not published it");
        look(10, camera(60, false, Abi.STATE_LIVE, 100, 0));
        lookForAbsent(11, 10.8, absent);
        lookForAbsent(12, 11.9, absent);
        lookForAbsent(13, 12.9, absent);
        assertEquals(List.of(), told);
        lookForAbsent(15, 12.9, absent);
        assertEquals(List.of("error cam is gone: its driver has not published it"), told);
    }

    @Test
    void shouldGiveASlowDeviceItsPeriodsWhileItsDriverIsSwapped() {
        var absent = device(State.ABSENT, "its driver has not published it");
        look(0, camera(0.2, false, Abi.STATE_LIVE, 1, 0));
        look(4, camera(0.2, false, Abi.STATE_LIVE, 1, 0));
        lookForAbsent(5, 0, absent);
        assertEquals(List.of(), told);
        lookForAbsent(101, 0, absent);
        assertEquals(1, told.size());
    }

    @Test
    void shouldLetASourceTakeItsTimeToStart() {
        var absent = device(State.ABSENT, "its driver has not published it");
        lookForAbsent(0, 0, absent);
        lookForAbsent(6, 0, absent);
        look(7, camera(60, false, Abi.STATE_LIVE, 0, 0));
        look(12, camera(60, false, Abi.STATE_LIVE, 0, 0));
        assertEquals(List.of(), told);
        look(18, camera(60, false, Abi.STATE_LIVE, 0, 0));
        assertEquals(1, told.size());
    }

    @Test
    void shouldMissADeviceThatNeverComes() {
        var absent = device(State.ABSENT, "its driver has not published it");
        lookForAbsent(0, 0, absent);
        lookForAbsent(11, 0, absent);
        assertEquals(List.of("is gone: its driver has not published it"), causes());
    }
}
