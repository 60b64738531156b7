package dev.stratalens.server.scheduler;

/**
 * Follows one job: {@code (loading | queued)* [started] [failed]}, one of these at a time, from several threads. All but
 * {@link #started} must neither block nor throw.
 */
public interface JobListener {

    /** The model is being loaded; total is 0 while unknown. */
    void loading(int done, int total);

    /** So many jobs of the same model come first; told when the job comes and whenever it gets less, down to 0. */
    void queued(int ahead);

    /** The job runs now. An exception ends it with that failure. */
    JobResults started(JobStart start);

    /** The job was told to stop, at any time and from any thread: it must not be made to wait any more. */
    void stopping();

    /** The job ended without a complete result. */
    void failed(Throwable failure);
}
