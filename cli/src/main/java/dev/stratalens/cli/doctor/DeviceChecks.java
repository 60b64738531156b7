package dev.stratalens.cli.doctor;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.engine.device.FoundCards;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.device.NvidiaHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Devices that compute, and what keeps a card from it. Nothing native is loaded. */
final class DeviceChecks {

    private static final String SUBJECT = "devices";

    private final NvidiaHost host;

    DeviceChecks(NvidiaHost host) {
        this.host = host;
    }

    List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        FoundCards look = host.look();
        List<HostDevice> cards = look.all();
        Optional<String> obstacle = look.obstacle();
        String found = "cpu" + cards.stream().map(DeviceChecks::inWords).collect(Collectors.joining());
        findings.add(
                cards.isEmpty() && obstacle.isPresent()
                        ? Finding.note(SUBJECT, "cpu; an NVIDIA driver is here, too", obstacle.get())
                        : Finding.ok(SUBJECT, found));
        if (!cards.isEmpty()) {
            obstacle.ifPresent(rest -> findings.add(Finding.note(SUBJECT, "another card is not used", rest)));
        }
        return findings;
    }

    private static String inWords(HostDevice card) {
        return ", %s (%s, %s of %s free)"
                .formatted(
                        card.name(),
                        card.description(),
                        ByteSize.text(card.freeBytes()),
                        ByteSize.text(card.totalBytes()));
    }
}
