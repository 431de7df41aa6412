using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ChainRule.Randomness;

namespace ChainRule.Tests.Randomness;

public class TorchRandomTest
{
    [Theory]
    [InlineData("uniform")]
    [InlineData("normal")]
    [InlineData("integers")]
    [InlineData("permutation")]
    [InlineData("bernoulli")]
    [InlineData("multinomial")]
    [InlineData("mixed")]
    public void The_streams_are_torchs_from_every_recorded_seed(string name)
    {
        var streams = RecordedStreams.All.TorchNamed(name).ToArray();
        Assert.NotEmpty(streams);
        foreach (var stream in streams) TorchCalls.Replay(stream);
    }

    [Fact]
    public void A_hundred_thousand_normals_have_torchs_bits()
    {
        float[] x = new float[100_000];
        new TorchRandom(42).Normal(x);
        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes<float>(x));
        Assert.Equal(RecordedStreams.All.NormalsSha256, Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Seeding_again_starts_over_and_forgets_the_normal_kept_back()
    {
        var random = new TorchRandom(42);
        Span<double> first = new double[3], again = new double[3];
        random.Normal(first);
        random.ManualSeed(42);
        random.Normal(again);
        Assert.Equal(first.ToArray(), again.ToArray());
    }

    [Fact]
    public void Single_draws_are_the_doubles_that_filling_a_span_gives()
    {
        var one = new TorchRandom(5);
        var many = new TorchRandom(5);
        double[] x = new double[40];
        many.Uniform(x);
        Assert.Equal(x, Enumerable.Range(0, 40).Select(_ => one.NextDouble()));
        Assert.Equal(many.NextUInt64(), one.NextUInt64());
        Assert.Equal(many.NextUInt32(), one.NextUInt32());
    }

    [Fact]
    public void Three_numbers_normalised_are_the_lectures_probabilities()
    {
        float[] p = new float[3];
        new TorchRandom(2147483647).Uniform(p);
        Assert.Equal(["0.7081", "0.3542", "0.1054"], p.Select(x => x.ToString("F4")));
        float sum = p.Sum();
        Assert.Equal(["0.6064", "0.3033", "0.0903"], p.Select(x => (x / sum).ToString("F4")));
    }

    [Fact]
    public void Four_integers_are_the_offsets_of_the_lectures_first_batch()
    {
        int[] offsets = new int[4];
        new TorchRandom(1337).Integers(offsets, 0, 1_003_854 - 8);
        Assert.Equal([76049, 234249, 934904, 560986], offsets);
    }

    [Fact]
    public void Filling_spans_allocates_nothing()
    {
        var random = new TorchRandom(1);
        float[] x = new float[100], weights = [1, 2, 3];
        int[] order = new int[100];
        Draw();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Draw();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Draw()
        {
            random.Uniform(x);
            random.Normal(x);
            random.Normal(x.AsSpan(0, 3));
            random.Bernoulli(x, 0.5);
            random.Integers(order, 0, 5);
            random.Permutation(order);
            random.Multinomial(weights);
            random.Multinomial(weights, order, replacement: true);
        }
    }

    [Fact]
    public void Wrong_arguments_say_what_is_wrong()
    {
        var random = new TorchRandom(0);
        float[] x = new float[2];
        int[] k = new int[2];
        Says("uniform: low 2 lies above high 1: swap them", () => random.Uniform(x, 2, 1));
        Says("uniform: [NaN, 1) is not a finite range: give finite limits", () => random.Uniform(x, double.NaN, 1));
        Says("normal: std is -1: give a finite number, 0 or more", () => random.Normal(x, 0, -1));
        Says("integers: [5, 5) holds no number: low must be below high", () => random.Integers(k, 5, 5));
        Says("integers: [0, 4294967296) reaches beyond 32-bit numbers: fill a span of long",
            () => random.Integers(k, 0, 1L << 32));
        Says("bernoulli: p is 1.5: a probability lies within 0 and 1", () => random.Bernoulli(x, 1.5));
        Says("bernoulli: p is NaN: a probability lies within 0 and 1", () => random.Bernoulli(x, double.NaN));
    }

    static void Says(string message, Action action) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
