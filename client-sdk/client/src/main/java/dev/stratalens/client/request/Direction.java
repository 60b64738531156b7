package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.WholeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A direction in the space of the rows of a site. More kinds may be added: keep a branch for others. */
public sealed interface Direction {

    /** Of a token: its row of the unembedding, or with a fitted lens what raises the lens's logit of the token most. */
    @AutoValue
    abstract non-sealed class OfToken implements Direction {

        OfToken() {}

        private static OfToken of(LensTarget token, Optional<String> lens) {
            if (token.dependsOnPosition()) {
                throw new IllegalArgumentException("a direction needs a token that is the same at every position");
            }
            lens.ifPresent(name -> WholeText.require("lens", name));
            return new AutoValue_Direction_OfToken(token, lens);
        }

        /** The token. */
        public abstract LensTarget token();

        /** Name of a lens with a map for each changed block. */
        public abstract Optional<String> lens();
    }

    /** A vector as it is, of finite numbers that are not all zero. */
    record Vector(List<Float> values) implements Direction {

        /** Copies the values. */
        public Vector {
            values = List.copyOf(values);
        }
    }

    /** The mean of rows minus the mean of others, at the same site and block. */
    record Difference(PromptRows to, PromptRows from) implements Direction {}

    /** Of a token, by the unembedding. */
    static Direction token(LensTarget token) {
        return OfToken.of(token, Optional.empty());
    }

    /** Of a token, through a fitted lens. */
    static Direction token(LensTarget token, String lens) {
        return OfToken.of(token, Optional.of(lens));
    }

    /** A vector. */
    static Direction vector(float... values) {
        return new Vector(list(values));
    }

    /** From the mean of some rows to the mean of others. */
    static Direction difference(PromptRows to, PromptRows from) {
        return new Difference(to, from);
    }

    /** Boxes numbers. */
    static List<Float> list(float... values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
