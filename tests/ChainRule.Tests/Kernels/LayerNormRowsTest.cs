using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class LayerNormRowsTest
{
    const double Eps = 1e-5;

    // Every width up to a few vectors, and one that is summed in pieces.
    public static TheoryData<int> Widths => new([.. Enumerable.Range(1, 40), 20_000]);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_are_what_the_definition_says(int width)
    {
        const int rows = 3;
        double[] x = Waves(rows * width, 1.3), gain = Waves(width, 0.7), bias = Waves(width, 0.2),
            note = new double[2 * rows], y = new double[x.Length];
        double[] expectedNote = new double[2 * rows], expected = new double[x.Length];
        LayerNormRows.Naive<double>(x, gain, bias, Eps, expectedNote, expected);
        LayerNormRows.Forward<double>(x, gain, bias, Eps, note, y);
        Close.Equal(expected, y, 1e-10, "float64");
        Close.Equal(expectedNote, note, 1e-10, "mean and 1 / √(var + ε)");

        float[] single = new float[x.Length];
        LayerNormRows.Forward<float>(Single(x), Single(gain), Single(bias), Eps, new float[2 * rows], single);
        Close.Equal(expected, [.. single.Select(v => (double)v)], width == 1 ? 1e-3 : 2e-4, "float32");
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_way_back_is_the_formula_row_by_row_and_adds_where_it_is_told_to(int width)
    {
        // More rows than a block, so that blocks are added up.
        int rows = width > 40 ? 2 : 70;
        double[] x = Waves(rows * width, 1.3), gain = Waves(width, 0.7), dy = Waves(rows * width, 2.1),
            note = new double[2 * rows];
        LayerNormRows.Naive<double>(x, gain, new double[width], Eps, note, new double[x.Length]);
        double[] dgain = Waves(width, 3), dbias = Waves(width, 4), dx = Waves(x.Length, 5);
        double[] expectedGain = [.. dgain], expectedBias = [.. dbias], expected = [.. dx],
            stored = new double[x.Length];
        for (int r = 0; r < rows; r++)
        {
            double mean = 0, dot = 0;
            for (int i = 0; i < width; i++)
            {
                double hat = (x[r * width + i] - note[2 * r]) * note[2 * r + 1], g = dy[r * width + i] * gain[i];
                expectedGain[i] += dy[r * width + i] * hat;
                expectedBias[i] += dy[r * width + i];
                mean += g / width;
                dot += g * hat / width;
            }
            for (int i = 0; i < width; i++)
            {
                double hat = (x[r * width + i] - note[2 * r]) * note[2 * r + 1];
                stored[r * width + i] = (dy[r * width + i] * gain[i] - mean - hat * dot) * note[2 * r + 1];
                expected[r * width + i] += stored[r * width + i];
            }
        }

        LayerNormRows.Backward<double>(x, gain, note, dy, dgain, dbias, dx, add: true);
        Close.Equal(expectedGain, dgain, 1e-10, "gain");
        Close.Equal(expectedBias, dbias, 1e-10, "bias");
        Close.Equal(expected, dx, 1e-10, "x, added");
        LayerNormRows.Backward<double>(x, gain, note, dy, new double[width], new double[width], dx, add: false);
        Close.Equal(stored, dx, 1e-9, "x, stored");
        LayerNormRows.Backward<double>(x, gain, note, dy, dgain, dbias, default, add: false);
    }

    static double[] Waves(int count, double step) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin(step * i + step))];

    static float[] Single(double[] x) => [.. x.Select(v => (float)v)];
}
