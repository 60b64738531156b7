package dev.stratalens.server.scheduler;

/**
 * Follows one job: {@code (loading | queued)* [started] [failed]}, one call at a time, from several threads. All but
 * {@link #started} must neither block nor throw.
 */
public interface JobListener {

    /** The model is being loaded; total is 0 while unknown. */
    void loading(int done, int total);

    /** So many jobs of the same model come first; told at submission and whenever it gets less. */
    void queued(int ahead);

    /** The job runs now. An exception ends it with that failure. */
    JobResults started(JobStart start);

    /** The job ended without a complete result. */
    void failed(Throwable failure);
}
