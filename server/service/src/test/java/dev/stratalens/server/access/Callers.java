package dev.stratalens.server.access;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Callers with limits, by name. */
public final class Callers {

    private Callers() {}

    public static Caller named(String name) {
        return with(name, Quota.UNLIMITED);
    }

    public static Caller weighing(String name, int weight) {
        return with(name, quota(0, 0, 0, 0, weight));
    }

    public static Caller with(String name, Quota quota) {
        return new Caller(
                new Principal(name, Principal.Proof.API_KEY), new Grant(Grant.ALL.models(), Grant.ALL.rights(), quota));
    }

    /** A quota without limits of size; 0 for no limit. */
    public static Quota quota(
            int requestsPerMinute, long tokensPerMinute, int inFlight, double queueShare, int weight) {
        return new Quota(
                requestsPerMinute == 0 ? OptionalInt.empty() : OptionalInt.of(requestsPerMinute),
                tokensPerMinute == 0 ? OptionalLong.empty() : OptionalLong.of(tokensPerMinute),
                inFlight == 0 ? OptionalInt.empty() : OptionalInt.of(inFlight),
                queueShare == 0 ? OptionalDouble.empty() : OptionalDouble.of(queueShare),
                OptionalInt.empty(),
                OptionalLong.empty(),
                weight);
    }

    /** A quota of sizes only. */
    public static Quota sized(int promptTokens, long answerCells) {
        return new Quota(
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalInt.of(promptTokens),
                OptionalLong.of(answerCells),
                1);
    }
}
