package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.checkpoint.SafetensorsWriter.Content;
import dev.stratalens.engine.tensor.TorchTensor;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/** The bytes of tensors in memory, to be written. */
final class TensorBytes {

    private TensorBytes() {}

    /** Of a contiguous tensor that is still open when it is written. */
    static Content of(TorchTensor tensor) {
        return out -> {
            ByteBuffer bytes = tensor.directView();
            var channel = Channels.newChannel(out);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        };
    }
}
