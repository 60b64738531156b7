package dev.stratalens.bench.report;

import java.util.Map;

/** Where facts and figures go as soon as they are known. What it got is written, also if the benchmark is ended early. */
public interface BenchReport extends AutoCloseable {

    /**
     * The first call.
     *
     * @param machine facts by name
     * @param model facts by name
     */
    void begin(Map<String, String> machine, Map<String, String> model);

    void add(Figure figure);

    /** A remark, such as that something disturbed a measurement. */
    void note(String note);

    /** Says that the figures so far belong together, and that the next ones do not belong to them. */
    void endPart();

    /** Says that everything was measured. */
    void complete();

    /** Writes what is not written yet. Later calls do nothing. */
    @Override
    void close();
}
