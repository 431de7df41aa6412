using ChainRule.Kernels;

namespace ChainRule.Tests.Kernels;

public sealed class RowScatterTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1030)]
    public void Every_row_goes_where_its_id_says(int width)
    {
        // Ids that are not named, named once, a few times, and so often that their rows fill chains.
        var rng = new Random(width);
        int[] ids = [.. Enumerable.Range(0, 2000).Select(_ => rng.Next(3) == 0 ? rng.Next(40) : 7), 41];
        double[] y = [.. Enumerable.Range(0, ids.Length * width).Select(_ => rng.NextDouble())],
            x = [.. Enumerable.Range(0, 43 * width).Select(_ => rng.NextDouble())];
        double[] expected = [.. x];
        for (int i = 0; i < ids.Length; i++) for (int k = 0; k < width; k++)
            expected[ids[i] * width + k] += y[i * width + k];
        RowScatter.Add<double>(ids, y, x, width);
        Close.Equal(expected, x, 1e-13, "rows");
    }
}
