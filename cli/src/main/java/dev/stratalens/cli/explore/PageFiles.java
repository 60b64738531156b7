package dev.stratalens.cli.explore;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The page: what the viewer's build wrote into this package's resources, and nothing beside it. */
final class PageFiles {

    private static final Map<String, String> TYPES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "explorer.js", "text/javascript; charset=utf-8",
            "explorer.css", "text/css; charset=utf-8");

    private PageFiles() {}

    static Answer get(String path) throws IOException {
        String name = path.isEmpty() ? "index.html" : path;
        String type = TYPES.get(name);
        if (type == null) {
            throw Routes.nothingAt(path);
        }
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the class path; build the project again");
            }
            return new Answer(200, type, in.readAllBytes());
        }
    }
}
