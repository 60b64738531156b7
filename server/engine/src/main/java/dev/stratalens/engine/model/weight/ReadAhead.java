package dev.stratalens.engine.model.weight;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.Device;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Reads the files of weights ahead of their copies to other devices, in the same order and with several threads. A copy
 * from a mapped file would wait for one page after another. What was read stays in the system's cache of files, at most
 * {@link #WINDOW} ahead. The processor's weights are not copied and not read ahead.
 */
public final class ReadAhead implements AutoCloseable {

    /** Bytes that are read before they are needed. */
    public static final long WINDOW = 1L << 30;

    private static final int THREADS = 4;
    private static final int PIECE = 4 << 20;

    /** Reads bytes, to no end but that they are in memory. */
    interface Reader {
        void read(Path file, long offset, int count) throws IOException;
    }

    private record Piece(Path file, long offset, int count) {}

    private final List<Piece> pieces;
    private final int[] piecesOfPart;
    private final Reader reader;
    private final Semaphore window;
    private final AtomicInteger next = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS,
            new ThreadFactoryBuilder()
                    .setNameFormat("stratalens-reading-%d")
                    .setDaemon(true)
                    .build());

    private int copiedParts;

    /**
     * Begins to read.
     *
     * @param parts stored tensors, in the order in which they are copied
     * @param pieceBytes bytes of a read
     * @param windowBytes bytes that are read before they are needed, at least one piece
     */
    ReadAhead(List<? extends Collection<TensorInfo>> parts, int pieceBytes, long windowBytes, Reader reader) {
        this.reader = reader;
        this.window = new Semaphore((int) Math.max(1, windowBytes / pieceBytes));
        this.piecesOfPart = new int[parts.size()];
        this.pieces = new ArrayList<>();
        Set<TensorInfo> seen = new HashSet<>();
        for (int part = 0; part < parts.size(); part++) {
            int before = pieces.size();
            parts.get(part).stream()
                    .filter(seen::add)
                    .sorted(Comparator.comparing(TensorInfo::file).thenComparing(TensorInfo::offset))
                    .forEach(tensor -> cut(tensor, pieceBytes));
            piecesOfPart[part] = pieces.size() - before;
        }
        for (int i = 0; i < Math.min(THREADS, pieces.size()); i++) {
            threads.execute(this::readAll);
        }
        threads.shutdown();
    }

    /** Begins to read what is copied to devices with memory of their own: the embedding, each block, the head. */
    public static ReadAhead of(WeightPlan plan, Placement placement) {
        var parts = new ArrayList<Collection<TensorInfo>>();
        parts.add(tensors(placement.embedding(), plan.embedding()));
        for (int block = 0; block < plan.blocks().size(); block++) {
            parts.add(tensors(placement.deviceOf(block), plan.blocks().get(block)));
        }
        parts.add(tensors(placement.head(), plan.head()));
        return new ReadAhead(parts, PIECE, WINDOW, ReadAhead::readOnce);
    }

    private static List<TensorInfo> tensors(Device device, Map<String, PlacedWeight> slots) {
        return (device.isHost() ? Stream.<PlacedWeight>empty() : slots.values().stream())
                .map(PlacedWeight::tensor)
                .toList();
    }

    private void cut(TensorInfo tensor, int pieceBytes) {
        for (long done = 0; done < tensor.byteCount(); done += pieceBytes) {
            pieces.add(new Piece(
                    tensor.file(), tensor.offset() + done, (int) Math.min(pieceBytes, tensor.byteCount() - done)));
        }
    }

    /** The first parts are copied, so that as much more may be read. */
    public void copied(int parts) {
        for (; copiedParts < parts; copiedParts++) {
            window.release(piecesOfPart[copiedParts]);
        }
    }

    private void readAll() {
        try {
            for (int i = next.getAndIncrement(); i < pieces.size(); i = next.getAndIncrement()) {
                window.acquire();
                Piece piece = pieces.get(i);
                reader.read(piece.file(), piece.offset(), piece.count());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (IOException e) {
            next.set(pieces.size()); // whoever copies the weights finds out, and says so
        }
    }

    private static void readOnce(Path file, long offset, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        try (FileChannel channel = FileChannel.open(file)) {
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
                // Goes on until all is read, or the file ends.
            }
        }
    }

    /** Reads no more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
