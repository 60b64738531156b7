package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpExchange;
import dev.stratalens.cli.explore.form.PromptForm;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What can be asked, once the token is known. Paths are what follows the token. */
final class Routes {

    private static final String RUNS = "runs/";
    private static final String HISTORY = "history/";

    private final ModelQuestions questions;
    private final ActiveRuns runs;
    private final Saves saves;
    private final FolderQuestions folder;
    private final Saves saved;

    Routes(LensClient client, Opening opening, ActiveRuns runs, KeptResults kept, Optional<RunFolder> folder) {
        this.questions = new ModelQuestions(client, opening);
        this.runs = runs;
        this.saves = new Saves(id -> kept.find(id).map(RunEnd::result));
        this.folder = new FolderQuestions(folder);
        this.saved = new Saves(
                id -> folder.isEmpty() ? Optional.empty() : folder.get().find(id));
    }

    void answer(HttpExchange exchange, String path) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "GET" -> get(exchange, path);
                case "POST" -> post(exchange, path);
                case "PUT" -> put(exchange, path);
                case "DELETE" -> delete(exchange, path);
                default -> throw new BadRequest(405, "Only GET, POST, PUT and DELETE are answered.");
            }
        } catch (BadRequest e) {
            Answer.failure(e.status(), ErrorCode.INVALID_REQUEST.name(), String.valueOf(e.getMessage()))
                    .send(exchange);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            Failure.of(e).answer().send(exchange);
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        if (path.equals("models")) {
            questions.models().send(exchange);
        } else if (path.equals("history")) {
            folder.list().send(exchange);
        } else if (path.startsWith(HISTORY)) {
            saved.send(fileOf(path), exchange);
        } else if (path.startsWith(RUNS)) {
            saves.send(path.substring(RUNS.length()), exchange);
        } else {
            PageFiles.get(path).send(exchange);
        }
    }

    private void post(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "tokenize" ->
                questions.tokens(RequestBody.read(exchange, PromptForm.class)).send(exchange);
            case "runs" -> runs.run(RequestBody.read(exchange, RunForm.class), exchange);
            default -> throw nothingAt(path);
        }
    }

    private void put(HttpExchange exchange, String path) throws IOException {
        if (path.startsWith(HISTORY)) {
            folder.call(fileOf(path), exchange);
        } else if (path.startsWith(RUNS)) {
            runs.keepFile(path.substring(RUNS.length())).send(exchange);
        } else {
            throw new BadRequest(405, "Only runs are put.");
        }
    }

    private void delete(HttpExchange exchange, String path) throws IOException {
        if (path.startsWith(HISTORY)) {
            folder.delete(fileOf(path), exchange);
            return;
        }
        if (!path.startsWith(RUNS)) {
            throw nothingAt(path);
        }
        runs.cancel(path.substring(RUNS.length()));
        Answer.nothing().send(exchange);
    }

    /** Names of files may have any letters. */
    private static String fileOf(String path) {
        return URLDecoder.decode(path.substring(HISTORY.length()), StandardCharsets.UTF_8);
    }

    static BadRequest nothingAt(String path) {
        return new BadRequest(404, "There is nothing at %s.".formatted(path));
    }
}
