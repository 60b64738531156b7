package dev.stratalens.engine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The devices that an operator chose: the setting {@code device}. */
public sealed interface DeviceChoice {

    /** What its text may be. */
    String SYNTAX = "auto, cpu, cuda for all cards, or cuda: and the numbers of cards, each once, such as cuda:0,1";

    /** The cards that are there, and the processor for what has no room on them. */
    record Auto() implements DeviceChoice {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /** The processor. */
    record Processor() implements DeviceChoice {
        @Override
        public String toString() {
            return "cpu";
        }
    }

    /**
     * Cards alone.
     *
     * @param numbers of the cards, in the order of the blocks, each once; none for all cards
     */
    record Cards(List<Integer> numbers) implements DeviceChoice {

        /** Copies the numbers. */
        public Cards {
            numbers = List.copyOf(numbers);
        }

        @Override
        public String toString() {
            return numbers.isEmpty()
                    ? CUDA
                    : numbers.stream().map(String::valueOf).collect(Collectors.joining(",", CUDA + ":", ""));
        }
    }

    /** The type of cards. */
    String CUDA = "cuda";

    /** Numbers with commas between them. */
    Pattern NUMBERED = Pattern.compile(CUDA + ":(\\d{1,4}(?:,\\d{1,4})*)");

    /** Reads a text; empty if it is not {@link #SYNTAX}. */
    static Optional<DeviceChoice> parse(String text) {
        return switch (text) {
            case "auto" -> Optional.of(new Auto());
            case "cpu" -> Optional.of(new Processor());
            case CUDA -> Optional.of(new Cards(List.of()));
            default -> numbered(text);
        };
    }

    private static Optional<DeviceChoice> numbered(String text) {
        Matcher matcher = NUMBERED.matcher(text);
        return matcher.matches() ? cards(matcher.group(1)) : Optional.empty();
    }

    private static Optional<DeviceChoice> cards(String numbers) {
        var cards = new ArrayList<Integer>();
        for (String number : numbers.split(",", -1)) {
            Integer card = Integer.valueOf(number);
            if (cards.contains(card)) {
                return Optional.empty();
            }
            cards.add(card);
        }
        return Optional.of(new Cards(cards));
    }
}
