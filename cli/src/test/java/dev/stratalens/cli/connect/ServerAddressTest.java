package dev.stratalens.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "localhost:50051, true",
        "127.0.0.1:1, true",
        "127.8.9.1:65535, true",
        "[::1]:50051, true",
        "lens.example.org:443, false",
        "10.0.0.7:50051, false",
        "[fe80::1]:50051, false",
        "localhost.example.org:50051, false",
        "127.0.0.1.example.org:50051, false",
    })
    void plaintextByItselfIsForThisMachineOnly(String text, boolean loopback) {
        ServerAddress address = ServerAddress.parse(text);
        assertEquals(loopback, address.isLoopback());
        assertEquals(text, address.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:",
                ":50051",
                "::1:50051",
                "host:0",
                "host:65536",
                "http://host:80",
                "a b:1"
            })
    void refusesWhatIsNoHostAndPort(String text) {
        CliException refusal = assertThrows(CliException.class, () -> ServerAddress.parse(text));
        assertTrue(refusal.getMessage().contains("\"" + text + "\""), refusal.getMessage());
    }
}
