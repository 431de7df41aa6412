using ChainRule.Classical;
using ChainRule.Randomness;

namespace ChainRule.Tests.Classical;

public sealed class KMeansTest
{
    public static TheoryData<string> Cases => Golden.Names("classical", "k_means");

    [Theory, MemberData(nameof(Cases))]
    public void From_the_same_centres_it_ends_where_scikit_learn_does(string name)
    {
        var golden = Golden.Case("classical", name);
        var found = KMeans.Fit(golden.Inputs[0].Data, golden.Inputs[0].Shape[1], [.. golden.Inputs[1].Data], 1000);
        Close.Equal(golden.Output.Data, found.Centres.ToArray<double>(), Close.Float64, name);
        Assert.Equal(golden.Ids!.Data, found.Assignments.Span.ToArray());
    }

    [Fact]
    public void Heaps_far_apart_are_found_from_any_seed()
    {
        var rng = new TorchRandom(1);
        double[] x = new double[600];
        rng.Uniform(x);
        for (int i = 0; i < 300; i++) x[2 * i] += 100 * (i % 3);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var found = KMeans.Fit(Tensor.From(x, [300, 2]), 3, seed);
            Assert.Equal(3, Enumerable.Range(0, 300).Select(i => (i % 3, found.Assignments[i])).Distinct().Count());
            Assert.InRange(found.Inertia, 0, 300 * 0.5);
            Assert.Equal(found.Assignments.Span.ToArray(), found.Nearest(Tensor.From(x, [300, 2])).Span.ToArray());
        }
        Assert.Equal(KMeans.Fit(Tensor.From(x, [300, 2]), 7, 5).Centres.ToArray<double>(),
            KMeans.Fit(Tensor.From(x, [300, 2]), 7, 5).Centres.ToArray<double>());
        Assert.StartsWith("k-means of 3 centres in 2 columns, inertia ", KMeans.Fit(Tensor.From(x, [300, 2]), 3, 1)
            .ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_centres_as_different_rows_are_found_and_no_more()
    {
        var x = Tensor.From(new double[,] { { 1 }, { 1 }, { 2 }, { 5 }, { 5 } });
        Assert.Equal(0, KMeans.Fit(x, 3, 1).Inertia);
        Refused.With<ArgumentException>("k-means: 4 centres of 3 different rows: give fewer centres",
            () => KMeans.Fit(x, 4, 1));
        Assert.Equal("k-means: 0 centres: give 1 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => KMeans.Fit(x, 0, 1)).Message);
    }
}
