package dev.stratalens.engine.architecture.mixer;

import java.util.Locale;

/** A choice that the TorchScript programs know by a name. */
public interface ProgramChoice {

    /** Name of the enum constant. */
    String name();

    /** Value of the programs' attribute. */
    default String programName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
