package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.Lens;
import java.util.List;

/** How lenses are written: {@code logit}, {@code raw}, or the name of a fitted lens. */
public final class LensSyntax {

    private static final String TRANSPORT = "transport:";

    private LensSyntax() {}

    /**
     * The lens of a name. A fitted lens that is called logit or raw is {@code transport:logit}.
     *
     * @throws CliException if the name is empty
     */
    public static Lens parse(String name) {
        if (name.isEmpty() || name.equals(TRANSPORT)) {
            throw CliException.usage("--lens: the name is empty; give logit, raw, or the name of a fitted lens.");
        }
        if (name.equals(Lens.logit().name()) || name.equals(Lens.raw().name()) || name.startsWith(TRANSPORT)) {
            return Lens.named(name);
        }
        return Lens.transport(name);
    }

    /**
     * Several lenses.
     *
     * @throws CliException if one occurs twice
     */
    static List<Lens> parse(List<String> names) {
        List<Lens> lenses = names.stream().map(LensSyntax::parse).toList();
        if (lenses.stream().distinct().count() < lenses.size()) {
            throw CliException.usage("--lens: a lens is given twice: %s.".formatted(String.join(", ", names)));
        }
        return lenses;
    }
}
