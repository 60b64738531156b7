package dev.stratalens.engine.device;

import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A card as its driver describes it.
 *
 * @param number in the order of the driver
 * @param id unique identifier
 * @param name of the product
 * @param totalBytes its memory
 * @param freeBytes what is free of it
 * @param capability its generation, such as 9.0
 */
record NvidiaCard(int number, String id, String name, long totalBytes, long freeBytes, double capability) {

    /** The columns of {@link #parse}. */
    static final String QUERY = "index,uuid,name,memory.total,memory.free,compute_cap";

    /** Reads a line of the driver's table: {@code 0, GPU-1f, NVIDIA H100, 81559, 80000, 9.0}, in MiB. */
    static Optional<NvidiaCard> parse(String line) {
        String[] cells = line.strip().split("\\s*,\\s*", -1);
        try {
            return cells.length == 6
                    ? Optional.of(new NvidiaCard(
                            Integer.parseInt(cells[0]),
                            cells[1],
                            cells[2],
                            Long.parseLong(cells[3]) << 20,
                            Long.parseLong(cells[4]) << 20,
                            Double.parseDouble(cells[5])))
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * The cards that CUDA shows to this process, numbered anew.
     *
     * @param visible {@code CUDA_VISIBLE_DEVICES}: numbers or identifiers; what follows an unknown one is hidden, too
     */
    static List<NvidiaCard> visible(List<NvidiaCard> cards, String visible) {
        var shown = new ArrayList<NvidiaCard>();
        for (String wanted : visible.split(",", -1)) {
            Optional<NvidiaCard> card = cards.stream()
                    .filter(each -> wanted.strip().equals(String.valueOf(each.number))
                            || (wanted.strip().startsWith("GPU-") && each.id.startsWith(wanted.strip())))
                    .findFirst();
            if (card.isEmpty()) {
                break;
            }
            shown.add(card.get().numbered(shown.size()));
        }
        return shown;
    }

    private NvidiaCard numbered(int other) {
        return new NvidiaCard(other, id, name, totalBytes, freeBytes, capability);
    }

    HostDevice device() {
        return new HostDevice(Device.cuda(number), name, totalBytes, freeBytes);
    }
}
