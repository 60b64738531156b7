package dev.stratalens.server.threads;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A thread whose work begins again after it was ended by an exception or error, with a pause between, in which it is down.
 * It stays the same thread: another one would have a second team of the native library's threads. Thread-safe.
 */
public final class SupervisedThread {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Thread thread;
    private final String name;
    private final Runnable work;
    private final Runnable pause;
    private final List<Runnable> observers = new CopyOnWriteArrayList<>();
    private volatile boolean up = true;

    /** @param work returns when it is over for good; may be run again after it has thrown */
    public SupervisedThread(String name, Runnable work) {
        this(name, work, SupervisedThread::pause);
    }

    /** @param pause between two runs of the work */
    SupervisedThread(String name, Runnable work, Runnable pause) {
        this.name = name;
        this.work = work;
        this.pause = pause;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins the work. */
    public void start() {
        thread.start();
    }

    /** Whether the work goes on, has not begun or is over; false from a fault until the work has begun again. */
    public boolean isUp() {
        return up;
    }

    /** Says whom to tell, on this thread, whenever it has gone down or has come up again. */
    public void observe(Runnable observer) {
        observers.add(observer);
    }

    /** Interrupts what the thread waits for. */
    public void interrupt() {
        thread.interrupt();
    }

    /** Waits until the work is over. */
    public void join() throws InterruptedException {
        thread.join();
    }

    private void run() {
        while (!isOver()) {
            become(false);
            Callback.run(name, pause);
            become(true);
        }
    }

    private boolean isOver() {
        try {
            work.run();
            return true;
        } catch (Throwable fault) {
            Callback.log(name + ", which begins again", fault);
            return false;
        }
    }

    private void become(boolean next) {
        up = next;
        observers.forEach(observer -> Callback.run(name, observer));
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            // The work looks whether it is over.
            Thread.currentThread().interrupt();
        }
    }
}
