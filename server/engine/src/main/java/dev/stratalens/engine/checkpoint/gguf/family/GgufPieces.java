package dev.stratalens.engine.checkpoint.gguf.family;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import java.util.List;

/** The numbers of several decodings one after another. */
record GgufPieces(List<Piece> pieces) implements Decoding {

    /**
     * All numbers of a decoding.
     *
     * @param count how many, a multiple of the granularity
     */
    record Piece(Decoding decoding, long count) {

        /** Decodes a range, and with it the numbers around it that come together with it. */
        void decode(StoredBytes files, long first, int count, float[] to, int at) {
            int together = decoding.granularity();
            long start = first / together * together;
            long end = (first + count + together - 1) / together * together;
            if (start == first && end == first + count) {
                decoding.decode(files, first, count, to, at);
                return;
            }
            float[] all = new float[(int) (end - start)];
            decoding.decode(files, start, all.length, all, 0);
            System.arraycopy(all, (int) (first - start), to, at, count);
        }
    }

    GgufPieces {
        pieces = List.copyOf(pieces);
    }

    /**
     * Matrices side by side.
     *
     * @param matrices which decode whole rows together
     * @param columns of each
     */
    static Decoding sideBySide(List<Decoding> matrices, int columns) {
        int together = matrices.get(0).granularity();
        int width = matrices.size() * columns;
        return Decoding.of(Math.multiplyExact(together, matrices.size()), (files, first, count, to, at) -> {
            float[] part = new float[count / matrices.size()];
            for (int matrix = 0; matrix < matrices.size(); matrix++) {
                matrices.get(matrix).decode(files, first / matrices.size(), part.length, part, 0);
                for (int row = 0; row < part.length / columns; row++) {
                    System.arraycopy(part, row * columns, to, at + row * width + matrix * columns, columns);
                }
            }
        });
    }

    @Override
    public int granularity() {
        return 1;
    }

    @Override
    public void decode(StoredBytes files, long first, int count, float[] to, int at) {
        long begin = 0;
        for (Piece piece : pieces) {
            long from = Math.max(first, begin);
            long until = Math.min(first + count, begin + piece.count());
            if (from < until) {
                piece.decode(files, from - begin, (int) (until - from), to, at + (int) (from - first));
            }
            begin += piece.count();
        }
    }
}
