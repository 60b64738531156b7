package dev.stratalens.server.scheduler;

import java.util.concurrent.Semaphore;

/**
 * One owner of the cores at a time: two computations that share cores make each other many times slower, because their
 * threads spin at each other's barriers. Fair: who asks first enters first.
 */
public final class ComputeGate {

    private final Semaphore owner = new Semaphore(1, true);

    /** Waits until no other computation runs. */
    void enter() {
        owner.acquireUninterruptibly();
    }

    /** Lets the next one in; called by who entered. */
    void leave() {
        owner.release();
    }
}
