package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBfloat16Test {

    @TempDir
    Path proc;

    @ParameterizedTest
    @CsvSource({
        "flags : fpu avx2 avx512f, false",
        "flags : fpu avx2 avx512f avx512_bf16, true",
        "flags : fpu amx_bf16, true",
        "Features : fp asimd bf16, true",
        "Features : fp asimd, false",
        "machine : s390,",
    })
    void theProcessorsFlagsTell(String line, Boolean present) throws IOException {
        Files.writeString(proc.resolve("cpuinfo"), line + "\n");

        assertEquals(Optional.ofNullable(present), NativeBfloat16.isPresent(proc));
    }

    @Test
    void onlyAChosenBfloat16WithoutInstructionsIsWarnedOf() throws IOException {
        assertEquals(Optional.empty(), NativeBfloat16.warning(Precision.BFLOAT16, proc)); // nothing is known
        Files.writeString(proc.resolve("cpuinfo"), "flags : fpu avx2\n");

        String warning = NativeBfloat16.warning(Precision.BFLOAT16, proc).orElseThrow();
        assertTrue(warning.contains("dtype to auto or float32"), warning);
        assertEquals(Optional.empty(), NativeBfloat16.warning(Precision.AUTO, proc));
        assertEquals(Optional.empty(), NativeBfloat16.warning(Precision.FLOAT32, proc));
        Files.writeString(proc.resolve("cpuinfo"), "flags : fpu avx2 amx_bf16\n");
        assertEquals(Optional.empty(), NativeBfloat16.warning(Precision.BFLOAT16, proc));
    }
}
