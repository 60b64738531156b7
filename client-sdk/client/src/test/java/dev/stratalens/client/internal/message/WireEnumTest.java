package dev.stratalens.client.internal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ProtocolMessageEnum;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Progress;
import dev.stratalens.v1.CheckpointProblem;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.ModelSourceProblem;
import dev.stratalens.v1.ModelState;
import dev.stratalens.v1.NormKind;
import dev.stratalens.v1.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WireEnumTest {

    @Test
    void everyValueOfTheContractIsKnown() {
        assertEquals(List.of(), unknown(ErrorDetail.CheckpointProblem.class, CheckpointProblem.values()));
        assertEquals(List.of(), unknown(ErrorDetail.FieldProblem.class, FieldProblem.values()));
        assertEquals(List.of(), unknown(ErrorDetail.SourceProblem.class, ModelSourceProblem.values()));
        assertEquals(List.of(), unknown(dev.stratalens.client.model.ModelState.class, ModelState.values()));
        assertEquals(List.of(), unknown(ModelFacts.FinalNorm.class, NormKind.values()));
        assertEquals(List.of(), unknown(Progress.Phase.class, Phase.values()));
    }

    @Test
    void whatIsNewerOrNotSentIsNone() {
        assertEquals(Optional.of(Progress.Phase.LENS), WireEnum.read(Progress.Phase.class, Phase.PHASE_LENS));
        assertEquals(Optional.empty(), WireEnum.read(Progress.Phase.class, Phase.UNRECOGNIZED));
        assertEquals(Optional.empty(), WireEnum.read(Progress.Phase.class, Phase.PHASE_UNSPECIFIED));
    }

    /** All but the zero value, and the one that stands for what is newer. */
    private static <E extends Enum<E>> List<ProtocolMessageEnum> unknown(Class<E> type, ProtocolMessageEnum[] values) {
        return Arrays.stream(values)
                .skip(1)
                .filter(value -> !value.toString().equals("UNRECOGNIZED"))
                .filter(value -> WireEnum.read(type, value).isEmpty())
                .toList();
    }
}
