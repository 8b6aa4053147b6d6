// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Starts the platform on a folder of bundles and ends the process with the code that a bundle asks for.
 *
 * <p>The folder comes from the system property {@code mimir.run} (it holds {@code bundles/} and {@code lib/}), else it
 * is the one that this jar lies in. Where the first argument asks for a proof, the bundles in {@code proof/} come along
 * (docs/adr/0012-proofs.md). The arguments are handed to the bundles untouched; see {@link Platform} for the
 * services.
 *
 * <p>Threads: confined to the main thread; the shutdown hook takes over when the process ends, for whatever reason, so
 * that there is one way to stop.
 */
public final class Main {
    static final int FAILURE = 1;
    private static final Set<String> PROOFS = Set.of("soak", "tck");
    private static final long STOP_LIMIT_MS = 5_000;

    private static volatile boolean stopping;

    private Main() {
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        var exit = new CompletableFuture<Integer>();
        var running = new Running();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "mimir-stop"));
        try {
            var run = runFolder();
            var told = new HashMap<String, String>();
            var state = StateFolder.make(System.getenv());
            state.ifPresent(folder -> told.put(StateFolder.PROPERTY, folder.toString()));
            var lock = run.resolve("mimir.lock").toAbsolutePath();
            told.put(KnownJars.PROPERTY, lock.toString());
            var wanted = Wanted.of(List.of(args));
            if (wanted.name() != null) {
                running.instance = Instance.claim(RuntimeFolder.make(System.getenv()), wanted.name(), wanted.rig());
                told.putAll(running.instance.properties());
                state.ifPresent(folder -> told.put(LogFile.PROPERTY, log(folder, running, wanted)));
            }
            running.cache = PrivateCache.create(Path.of(System.getProperty("java.io.tmpdir")));
            running.platform = new Platform(running.cache.path(), told, exit);
            running.platform.start(folders(run, args), KnownJars.read(lock, state), args);
            return exit.join();
        } catch (LaunchException e) {
            if (!stopping) {
                e.sentences().forEach(Console::say);
            }
            return FAILURE;
        } catch (IllegalStateException e) {
            if (!stopping) {
                throw e;
            }
            return FAILURE; // a signal took the framework away under the start: a stop, whose code is the signal's
        } catch (IOException e) {
            Console.say("Mimir cannot use its temporary folder (" + e + "): free some space in it or set TMPDIR.");
            return FAILURE;
        }
    }

    /** The log of an instance; a process without a name has none, for many such may run at once. */
    private static String log(Path state, Running running, Wanted wanted) {
        var file = state.resolve(wanted.name() + ".log");
        running.log = new LogFile(file);
        Console.keep(running.log);
        Console.log("INFO", "launcher", wanted.name() + " starts on rig " + wanted.rig() + ", process "
            + ProcessHandle.current().pid(), null);
        return file.toString();
    }

    private static void stop(Running running) {
        stopping = true;
        boolean stopped = running.platform == null || running.platform.stop(STOP_LIMIT_MS);
        if (running.cache != null) {
            running.cache.close();
        }
        if (running.log != null) {
            Console.log("INFO", "launcher", stopped ? "stopped" : "ended hard", null);
            Console.keep(null);
            running.log.close();
        }
        if (running.instance != null) {
            running.instance.close(); // last: until then the name is this process's
        }
        if (!stopped) {
            Console.say("Mimir did not stop within " + STOP_LIMIT_MS / 1_000 + " s and was ended hard.");
            Runtime.getRuntime().halt(FAILURE);
        }
    }

    /** The proofs bring bundles of their own, which nothing else starts. */
    private static List<Path> folders(Path run, String[] args) {
        var bundles = run.resolve("bundles");
        return args.length > 0 && PROOFS.contains(args[0]) ? List.of(bundles, run.resolve("proof")) : List.of(bundles);
    }

    private static Path runFolder() throws LaunchException {
        var named = System.getProperty("mimir.run");
        if (named != null) {
            return Path.of(named);
        }
        var jar = Path.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)[0]).toAbsolutePath();
        var folder = jar.getParent().getParent();
        if (folder == null || !Files.isDirectory(folder.resolve("bundles"))) {
            throw new LaunchException("No folder of bundles beside " + jar + ": start Mimir by its script, ./mimir.");
        }
        return folder;
    }

    /** What has come up so far; a signal may come at any time. */
    private static final class Running {
        private volatile Instance instance;
        private volatile LogFile log;
        private volatile PrivateCache cache;
        private volatile Platform platform;
    }
}
