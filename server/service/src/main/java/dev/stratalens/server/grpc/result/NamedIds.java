package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import java.util.function.IntConsumer;

/** Names ids by what was named before at the same position of the stream, so that those that repeat cost a byte. */
final class NamedIds {

    private final IdList[] lists;

    NamedIds(int positions) {
        lists = new IdList[positions];
    }

    /** Bytes for the lists of all positions, should no id ever repeat at one: up to twice two numbers an id. */
    static long memoryNeed(LensPlan plan, int vocabularySize) {
        long named =
                (long) plan.lensReadPointCount() * plan.topK() + plan.targets().size();
        return plan.positions().length * 4L * Integer.BYTES * Math.min(named, vocabularySize);
    }

    /** The ids of a position so far. */
    IdList at(int position) {
        IdList list = lists[position];
        if (list == null) {
            list = new IdList();
            lists[position] = list;
        }
        return list;
    }

    /** Names an id: its number at the position, or 0 and the id itself, which joins the list. */
    void name(int position, int id, IntConsumer references, IntConsumer newIds) {
        IdList list = at(position);
        int number = list.numberOf(id);
        references.accept(number);
        if (number == 0) {
            newIds.accept(id);
            list.add(id);
        }
    }
}
