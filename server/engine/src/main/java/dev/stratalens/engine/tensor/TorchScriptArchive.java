package dev.stratalens.engine.tensor;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive from source text: a stored zip of the code, a pickled module that holds its attributes,
 * empty constants and a version. PyTorch compiles the text when it loads the archive, so no model has to be exported.
 */
final class TorchScriptArchive {

    /** The version of PyTorch 2.x. With an older one, the loader resolves old operator signatures. */
    private static final String VERSION = "10\n";

    private static final String CLASS = "Program";

    private TorchScriptArchive() {}

    /**
     * Builds an archive of one module.
     *
     * @param methods the module's methods, unindented
     * @param attributes constants that the methods read as {@code self.name}: Long, Double, Boolean or String
     */
    static byte[] of(String methods, Map<String, Object> attributes) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "program/data.pkl", pickle(attributes));
            store(zip, "program/code/__torch__.py", source(methods, attributes).getBytes(StandardCharsets.UTF_8));
            store(zip, "program/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "program/version", VERSION.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // impossible in memory
        }
        return bytes.toByteArray();
    }

    private static String source(String methods, Map<String, Object> attributes) {
        var text = new StringBuilder("class " + CLASS + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        text.append("  training : bool\n");
        attributes.forEach((name, value) ->
                text.append("  ").append(name).append(" : ").append(type(value)).append('\n'));
        return text.append(methods.indent(2)).toString();
    }

    private static String type(Object value) {
        if (value instanceof Long) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof String) {
            return "str";
        }
        throw new IllegalArgumentException("no TorchScript attribute type for " + value.getClass());
    }

    /** Pickle protocol 2 of {@code Program()} with its attributes as state. */
    private static byte[] pickle(Map<String, Object> attributes) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(new byte[] {(byte) 0x80, 2});
        out.write(("c__torch__\n" + CLASS + "\n)").getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[] {(byte) 0x81, '}', '('});
        pickleText(out, "training");
        out.write(0x89);
        for (var attribute : attributes.entrySet()) {
            pickleText(out, attribute.getKey());
            pickleValue(out, attribute.getValue());
        }
        out.write(new byte[] {'u', 'b', '.'});
        return bytes.toByteArray();
    }

    private static void pickleValue(DataOutputStream out, Object value) throws IOException {
        if (value instanceof Long number) {
            out.write('J');
            out.writeInt(Integer.reverseBytes(Math.toIntExact(number)));
        } else if (value instanceof Double number) {
            out.write('G');
            out.writeDouble(number);
        } else if (value instanceof Boolean flag) {
            out.write(flag ? 0x88 : 0x89);
        } else {
            pickleText(out, (String) value);
        }
    }

    private static void pickleText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        out.writeInt(Integer.reverseBytes(utf8.length));
        out.write(utf8);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
