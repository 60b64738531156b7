package dev.stratalens.engine.text;

import dev.stratalens.engine.error.InvalidCheckpointException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the tokenizer among a checkpoint's files. */
final class TokenizerDirectory {

    static final String CONVERSION =
            "python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\"";

    static final String TOKENIZER = "tokenizer.json";
    private static final String CHAT_TEMPLATE = "chat_template.jinja";
    private static final String NAMED_TEMPLATES = "additional_chat_templates";
    private static final String JINJA = ".jinja";
    private static final String TIKTOKEN = ".tiktoken";

    /** Forms that only Python reads. */
    private static final List<String> OTHER_FORMS =
            List.of("tokenizer.model", "spiece.model", "tekken.json", "tiktoken.model");

    private TokenizerDirectory() {}

    /** @throws InvalidCheckpointException if there is no tokenizer, or its files cannot be read */
    static TokenizerDefinition read(Path directory) {
        DirectoryFiles files = new DirectoryFiles(directory);
        boolean older = !files.has(TOKENIZER)
                && files.has(VocabularyAndMerges.VOCABULARY)
                && files.has(VocabularyAndMerges.MERGES);
        if (!older && !files.has(TOKENIZER)) {
            throw missing(files);
        }
        TokenizerSettings settings = TokenizerSettings.read(files);
        byte[] json = older
                ? VocabularyAndMerges.asTokenizerJson(files, settings)
                : AddedTokens.merge(TOKENIZER, files.bytes(TOKENIZER), settings);
        return new TokenizerDefinition(
                older ? VocabularyAndMerges.VOCABULARY : TOKENIZER,
                json,
                settings.specialTokens(),
                chatTemplates(files, settings));
    }

    /** Whether none of a tokenizer's files is there. */
    static boolean isEmpty(DirectoryFiles files) {
        return Stream.concat(
                                OTHER_FORMS.stream(),
                                Stream.of(TOKENIZER, VocabularyAndMerges.VOCABULARY, VocabularyAndMerges.MERGES))
                        .noneMatch(files::has)
                && files.ending("", TIKTOKEN).isEmpty();
    }

    private static Map<String, String> chatTemplates(DirectoryFiles files, TokenizerSettings settings) {
        Map<String, String> templates = new TreeMap<>(
                files.has(CHAT_TEMPLATE)
                        ? Map.of(TokenizerDefinition.DEFAULT_TEMPLATE, files.text(CHAT_TEMPLATE))
                        : settings.chatTemplates());
        for (String file : files.ending(NAMED_TEMPLATES, JINJA)) {
            templates.put(file.substring(0, file.length() - JINJA.length()), files.text(NAMED_TEMPLATES + "/" + file));
        }
        return templates;
    }

    private static InvalidCheckpointException missing(DirectoryFiles files) {
        Optional<String> other = Stream.concat(
                        OTHER_FORMS.stream().filter(files::has), files.ending("", TIKTOKEN).stream())
                .findFirst();
        if (other.isPresent()) {
            return TokenizerDefinition.fault(
                    TOKENIZER,
                    "is missing, and %s is not supported. Convert it with: %s".formatted(other.get(), CONVERSION));
        }
        if (files.has(VocabularyAndMerges.VOCABULARY)) {
            return TokenizerDefinition.fault(
                    VocabularyAndMerges.MERGES,
                    "is missing beside vocab.json. Copy it, or a tokenizer.json, from the source of the weights");
        }
        return TokenizerDefinition.fault(
                TOKENIZER, "is missing. Copy it, or vocab.json and merges.txt, from the source of the weights");
    }
}
