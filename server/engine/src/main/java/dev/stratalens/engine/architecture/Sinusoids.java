package dev.stratalens.engine.architecture;

/**
 * Positions as sines of falling frequencies, then their cosines (Vaswani et al., 2017), in float32 as transformers computes
 * them.
 *
 * @param offset of the first position
 */
public record Sinusoids(int offset) {

    private static final double LARGEST_WAVELENGTH = 10_000;

    /** Rows for positions from the first one, [positions, width]. */
    public float[] table(int positions, int width) {
        int half = width / 2;
        float step = (float) (Math.log(LARGEST_WAVELENGTH) / (half - 1));
        var table = new float[positions * width];
        for (int place = 0; place < half; place++) {
            float frequency = (float) Math.exp(place * -step);
            for (int position = 0; position < positions; position++) {
                float angle = (position + offset) * frequency;
                table[position * width + place] = (float) Math.sin(angle);
                table[position * width + half + place] = (float) Math.cos(angle);
            }
        }
        return table;
    }
}
