package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;

/**
 * Where a served model stands. From not loaded it goes by loading to ready or failed, from ready by unloading to not loaded
 * (or, if that is called off, back), from failed to loading again.
 */
public sealed interface ServingState {

    /** It takes no memory; the next request loads it. */
    record NotLoaded() implements ServingState {}

    /**
     * It is being loaded, or waits for another model that is; requests wait.
     *
     * @param step what is done now
     * @param done bytes of that step, or models
     * @param total bytes or models in all; 0 while unknown
     */
    record Loading(Step step, long done, long total) implements ServingState {

        /** Steps of loading, in order. */
        public enum Step {
            /** Other models are loaded first. */
            QUEUED,
            /** Its files come over the network. */
            DOWNLOAD,
            /** Its weights are read or mapped. */
            WEIGHTS
        }

        /** At its beginning, when nothing is known yet. */
        public static Loading begun() {
            return new Loading(Step.DOWNLOAD, 0, 0);
        }

        /** The same while so many other models are yet to be loaded first. */
        Loading behind(int others) {
            if (others == 0) {
                return begun();
            }
            return step == Step.QUEUED
                    ? new Loading(step, Math.max(done, total - others), total)
                    : new Loading(Step.QUEUED, 0, others);
        }
    }

    /** Requests are answered. */
    record Ready(LensEngine engine) implements ServingState {}

    /** The requests that came before are answered, then its memory is freed; later ones wait and load it again. */
    record Unloading(LensEngine engine) implements ServingState {}

    /** Loading failed; requests get this, until after a pause one of them makes it load again. */
    record Failed(Throwable failure) implements ServingState {}
}
