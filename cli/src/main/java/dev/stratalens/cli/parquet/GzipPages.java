package dev.stratalens.cli.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;

/** Decompresses pages: gzip by the JDK, because parquet-java takes Hadoop's, which is not here; all else by parquet-java. */
final class GzipPages implements CompressionCodecFactory {

    private final CompressionCodecFactory others = HadoopCodecs.newFactory(0);

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return others.getCompressor(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return codec == CompressionCodecName.GZIP ? new Gunzip() : others.getDecompressor(codec);
    }

    @Override
    public void release() {
        others.release();
    }

    private static final class Gunzip implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            return BytesInput.from(unzipped(page, size));
        }

        @Override
        public void decompress(ByteBuffer page, int compressedSize, ByteBuffer out, int size) throws IOException {
            out.put(unzipped(BytesInput.from(page), size));
        }

        private static byte[] unzipped(BytesInput page, int size) throws IOException {
            try (InputStream in = new GZIPInputStream(page.toInputStream())) {
                return in.readNBytes(size);
            }
        }

        @Override
        public void release() {}
    }
}
