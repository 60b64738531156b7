package dev.stratalens.cli.picture;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.FloatSize;
import com.github.weisj.jsvg.view.ViewBox;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Draws an SVG file of ours as a PNG file. Needs the fonts of the machine, no screen. */
public final class PngPicture {

    /** Families to ask for: the JDK's own, which takes letters that one font lacks from another. */
    public static final String FONT_FAMILIES = "SansSerif,sans-serif";

    /** An image of 400 MB. */
    private static final double MOST_PIXELS = 100e6;

    private PngPicture() {}

    /**
     * Writes a PNG file.
     *
     * @param svg a whole file, in {@link #FONT_FAMILIES}
     * @param scale pixels for each of the picture's own
     * @throws CliException if the picture is too large, or there is no font
     */
    public static void write(String svg, double scale, OutputStream out) throws IOException {
        requireFonts();
        SVGDocument document = load(svg);
        FloatSize size = document.size();
        int width = (int) Math.ceil(size.width * scale);
        int height = (int) Math.ceil(size.height * scale);
        if ((double) width * height > MOST_PIXELS) {
            throw CliException.usage(
                    "the picture has %d x %d pixels, more than 100 million. Show less with --layers, --positions or --stride, lower --scale, or write --format svg."
                            .formatted(width, height));
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            document.render(null, graphics, new ViewBox(width, height));
        } finally {
            graphics.dispose();
        }
        ImageIO.setUseCache(false); // no temporary file
        if (!ImageIO.write(image, "png", out)) {
            throw new IOException("this JDK writes no PNG files");
        }
    }

    private static SVGDocument load(String svg) throws IOException {
        LoaderContext context = LoaderContext.builder()
                .documentLimits(new DocumentLimits(
                        DocumentLimits.DEFAULT_MAX_NESTING_DEPTH,
                        DocumentLimits.DEFAULT_MAX_USE_NESTING_DEPTH,
                        Integer.MAX_VALUE)) // our own file; its size is bounded by the pixels
                .build();
        SVGDocument document =
                new SVGLoader().load(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)), null, context);
        if (document == null) {
            throw new IOException("the picture could not be read back as SVG");
        }
        return document;
    }

    /**
     * Finds out whether pictures can be drawn at all, before work is done for them: a JRE without fontconfig or fonts fails
     * at the first letter, with an error that says little.
     *
     * @throws CliException if there is no font
     */
    public static void requireFonts() {
        System.setProperty("java.awt.headless", "true"); // before the first class of AWT
        try {
            if (GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length > 0) {
                return;
            }
        } catch (RuntimeException | InternalError | LinkageError e) {
            throw noFonts(e);
        }
        throw noFonts(null);
    }

    private static CliException noFonts(@Nullable Throwable cause) {
        String message =
                "a PNG file needs fonts, and Java finds none here. Install some (Debian and Ubuntu: apt install"
                        + " fontconfig fonts-dejavu-core; a headless JDK is enough), or write --format svg, which needs none.";
        return cause == null
                ? new CliException(ExitCode.INTERNAL, message)
                : new CliException(ExitCode.INTERNAL, message, cause);
    }
}
