package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpExchange;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What can be asked, once the token is known. Paths are what follows the token. */
final class Routes {

    private static final String RUNS = "runs/";

    private final ModelQuestions questions;
    private final ActiveRuns runs;
    private final Saves saves;

    Routes(LensClient client, Opening opening, ActiveRuns runs, KeptResults kept) {
        this.questions = new ModelQuestions(client, opening);
        this.runs = runs;
        this.saves = new Saves(kept);
    }

    void answer(HttpExchange exchange, String path) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "GET" -> get(exchange, path);
                case "POST" -> post(exchange, path);
                case "DELETE" -> delete(exchange, path);
                default -> throw new BadRequest(405, "Only GET, POST and DELETE are answered.");
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

    private void delete(HttpExchange exchange, String path) throws IOException {
        if (!path.startsWith(RUNS)) {
            throw nothingAt(path);
        }
        runs.cancel(path.substring(RUNS.length()));
        Answer.nothing().send(exchange);
    }

    static BadRequest nothingAt(String path) {
        return new BadRequest(404, "There is nothing at %s.".formatted(path));
    }
}
