package dev.stratalens.server.grpc.message;

import java.util.function.IntConsumer;

/** Names ids by what was named before at the same position of the stream, so that those that repeat cost a byte. */
final class IdReferences {

    private final IdList[] lists;

    IdReferences(int positions) {
        lists = new IdList[positions];
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
