package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.checkpoint.SafetensorsWriter.Content;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;

/** The bytes of tensors, to be written. */
final class TensorBytes {

    private TensorBytes() {}

    /**
     * Of a contiguous tensor that is still open when it is written.
     *
     * @param head on the device of the tensor
     */
    static Content of(Head head, TorchTensor tensor) {
        return out -> {
            if (tensor.device().isHost()) {
                write(tensor, out);
                return;
            }
            try (TorchScope landing = head.landing()) {
                write(landing.copyOf(tensor), out);
            }
        };
    }

    private static void write(TorchTensor tensor, OutputStream out) throws IOException {
        ByteBuffer bytes = tensor.directView();
        var channel = Channels.newChannel(out);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
