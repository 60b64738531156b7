package dev.stratalens.cli.corpus;

import dev.stratalens.cli.failure.CliException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files that are parts of one, with names such as {@code train-00000-of-00002.parquet}. */
final class Shards {

    private static final Pattern NAME = Pattern.compile("(.+-)(\\d{5})-of-(\\d{5})(?:-[0-9a-f]+)?\\.[^/]+");

    private Shards() {}

    /** Requires that none is missing of those of which one is there. */
    static void requireComplete(Path folder, Collection<String> files) {
        Map<String, TreeSet<Integer>> there = new TreeMap<>();
        for (String file : files) {
            Matcher shard = NAME.matcher(file);
            if (shard.matches()) {
                TreeSet<Integer> numbers =
                        there.computeIfAbsent(shard.group(1) + "*-of-" + shard.group(3), name -> new TreeSet<>());
                numbers.add(Integer.valueOf(shard.group(2)));
            }
        }
        there.forEach((name, numbers) -> {
            int total = Integer.parseInt(name.substring(name.length() - 5));
            for (int index = 0; index < total; index++) {
                if (!numbers.contains(index)) {
                    throw CliException.usage("shard %05d of %05d is missing of %s. Fetch it, too."
                            .formatted(index, total, folder.resolve(name)));
                }
            }
        });
    }
}
