package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrowserTest {

    @Test
    void onLinuxABrowserIsOpenedOnlyWhereThereIsAScreen() {
        assertEquals(Optional.empty(), Browser.opener("Linux", Map.of()));
        assertEquals(Optional.empty(), Browser.opener("Linux", Map.of("DISPLAY", "")));
        assertEquals(Optional.of(List.of("xdg-open")), Browser.opener("Linux", Map.of("DISPLAY", ":0")));
        assertEquals(Optional.of(List.of("xdg-open")), Browser.opener("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0")));
    }

    @Test
    void aMacHasAlwaysAScreen() {
        assertEquals(Optional.of(List.of("open")), Browser.opener("Mac OS X", Map.of()));
    }
}
