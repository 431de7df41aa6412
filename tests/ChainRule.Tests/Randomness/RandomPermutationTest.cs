using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class RandomPermutationTest
{
    [Fact]
    public void Every_number_comes_once_whatever_the_count()
    {
        int[] counts = [.. Enumerable.Range(1, 130), 255, 256, 257, 1000, 4095, 4096, 4097, 65_537];
        foreach (int count in counts)
        {
            var order = new RandomPermutation(count, 7);
            bool[] seen = new bool[count];
            for (int i = 0; i < count; i++) seen[(int)order[i]] = true;
            Assert.True(Array.TrueForAll(seen, one => one), $"{count} numbers");
        }
    }

    [Fact]
    public void Of_five_billion_numbers_any_place_is_known_and_none_comes_twice()
    {
        const long Count = 5_000_000_000;
        var order = new RandomPermutation(Count, 3);
        var seen = new HashSet<long>();
        for (long i = 0; i < 100_000; i++)
        {
            long x = order[i * (Count / 100_000)];
            Assert.InRange(x, 0, Count - 1);
            Assert.True(seen.Add(x));
        }
    }

    // χ² of 23 degrees of freedom passes 49.7 with a probability of 0.001.
    [Fact]
    public void All_orders_of_four_numbers_are_alike_probable()
    {
        const int Seeds = 24_000;
        var counts = new Dictionary<(long, long, long), int>();
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            var order = new RandomPermutation(4, seed);
            var key = (order[0], order[1], order[2]);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        Assert.Equal(24, counts.Count);
        double expected = Seeds / 24.0, squares = counts.Values.Sum(n => (n - expected) * (n - expected) / expected);
        Assert.InRange(squares, 5, 49.7);
    }

    [Fact]
    public void Neighbours_in_the_order_are_no_neighbours_in_the_text()
    {
        const int Count = 100_003;
        var order = new RandomPermutation(Count, 11);
        double[] x = [.. Enumerable.Range(0, Count).Select(i => (double)order[i])];
        double mean = (Count - 1) / 2.0, variance = x.Sum(a => (a - mean) * (a - mean));
        double neighbours = x.Zip(x.Skip(1), (a, b) => (a - mean) * (b - mean)).Sum() / variance;
        double places = x.Select((a, i) => (a - mean) * (i - mean)).Sum() / variance;
        // Of a random order both have a standard deviation of 1/√n = 0.0032.
        Assert.InRange(neighbours, -0.013, 0.013);
        Assert.InRange(places, -0.013, 0.013);
        // A number stays at its place once in the mean.
        Assert.InRange(x.Where((a, i) => a == i).Count(), 0, 8);
        // Where the first tenth of places leads: evenly over ten parts.
        int[] parts = new int[10];
        for (int i = 0; i < Count / 10; i++) parts[(int)(x[i] * 10 / Count)]++;
        Assert.All(parts, part => Assert.InRange(part, 1000 - 130, 1000 + 130));
    }

    [Fact]
    public void Seeds_have_orders_of_their_own_and_keep_them()
    {
        long[] Of(ulong seed) => [.. Enumerable.Range(0, 10).Select(i => new RandomPermutation(1000, seed)[i])];
        Assert.Equal(Of(1), Of(1));
        Assert.NotEqual(Of(1), Of(2));
        Assert.NotEqual(Of(0), Of(1UL << 63));
    }

    [Fact]
    public void What_is_not_there_is_refused()
    {
        Assert.Equal("random permutation of 0 numbers: give 1 or more",
            Assert.ThrowsAny<ArgumentException>(() => new RandomPermutation(0, 1)).Message);
        var order = new RandomPermutation(3, 1);
        Assert.Equal("random permutation: place 3: the places run from 0 to 2",
            Assert.ThrowsAny<ArgumentException>(() => order[3]).Message);
        Assert.Equal("random permutation: place -1: the places run from 0 to 2",
            Assert.ThrowsAny<ArgumentException>(() => order[-1]).Message);
    }
}
