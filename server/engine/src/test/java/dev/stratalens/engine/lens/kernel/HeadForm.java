package dev.stratalens.engine.lens.kernel;

import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.model.Head;

/** The forms of the head. Both work over the processor's memory, which stands in for that of a device. */
public enum HeadForm {
    PROCESSOR {
        @Override
        public HeadKernel of(Head head, TileGeometry tiles) {
            return new CpuHeadKernel(head, tiles, WarmingKernel.vector().orElseThrow(), new RowTeam(2));
        }
    },
    DEVICE {
        @Override
        public HeadKernel of(Head head, TileGeometry tiles) {
            return new DeviceHeadKernel(head, tiles, 1000);
        }
    };

    /** A kernel with these tiles, for the caller to close. */
    public abstract HeadKernel of(Head head, TileGeometry tiles);
}
