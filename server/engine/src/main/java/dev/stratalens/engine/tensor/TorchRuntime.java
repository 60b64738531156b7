package dev.stratalens.engine.tensor;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.File;
import java.nio.file.Path;

/** The native library of this process: which one is loaded, and the threads that its products use. Thread-safe. */
public final class TorchRuntime {

    private static final String ENGINE = "PyTorch";

    /** Held while the library's number of threads changes. */
    private static final Object THREADS = new Object();

    static {
        // Must be set before the engine starts, so that it sends no usage data.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private TorchRuntime() {}

    /**
     * Has the native library of a folder loaded instead of the one that comes with the program. Must come before anything
     * else of this package.
     *
     * @param flavor of the bridge from Java to it: {@code cu128}, {@code cpu}
     */
    public static void useLibrary(Path folder, String version, String flavor) {
        System.setProperty(
                "java.library.path", folder + File.pathSeparator + System.getProperty("java.library.path", ""));
        System.setProperty("PYTORCH_VERSION", version);
        System.setProperty("PYTORCH_FLAVOR", flavor);
    }

    /** A card must be in use. */
    static void freeCaches() {
        JniUtils.emptyCudaCache();
    }

    /** Version of the native library. */
    public static String libraryVersion() {
        return Engine.getEngine(ENGINE).getVersion();
    }

    /** Folder of the unpacked library. */
    public static Path cacheFolder() {
        return Utils.getEngineCacheDir();
    }

    /**
     * Turns off the graph executor's specialization for shapes on the calling thread: shapes change with every request, and
     * recompiling costs more than it saves.
     */
    public static void disableShapeSpecialization() {
        Engine.getEngine(ENGINE); // loads the native library
        JniUtils.setGraphExecutorOptimize(false);
    }

    /** Sets the number of threads of a product, for the calling thread and for threads that have none yet. */
    public static void useThreads(int threads) {
        Engine.getEngine(ENGINE); // loads the native library
        synchronized (THREADS) {
            if (JniUtils.getNumThreads() != threads) {
                JniUtils.setNumThreads(threads);
            }
        }
    }

    /** Runs work on the calling thread, which takes no other threads for its products. Other threads keep their numbers. */
    public static void runAlone(Runnable work) {
        Engine.getEngine(ENGINE); // loads the native library
        disableShapeSpecialization();
        synchronized (THREADS) {
            // Asking first matters: a thread's first use of the number copies that of the process over its own.
            int threads = JniUtils.getNumThreads();
            JniUtils.setNumThreads(1);
            restore(threads);
        }
        work.run();
    }

    /** The library sets the number of the process together with that of the calling thread, here a short-lived one. */
    private static void restore(int threads) {
        var thread = new Thread(() -> JniUtils.setNumThreads(threads), "stratalens-thread-count");
        thread.start();
        Uninterruptibles.joinUninterruptibly(thread);
    }

    /** An empty program. */
    static Model model(String name) {
        return Model.newInstance(name, ai.djl.Device.cpu(), ENGINE);
    }
}
