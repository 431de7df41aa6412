using ChainRule.Classical;
using ChainRule.Randomness;

namespace ChainRule.Tests.Classical;

public sealed class SelfOrganizingMapTest
{
    public static TheoryData<string> Cases => Golden.Names("maps", "map");

    [Theory, MemberData(nameof(Cases))]
    public void Weights_and_errors_are_those_of_the_published_formulas(string name)
    {
        var golden = Golden.Case("maps", name);
        var options = new SelfOrganizingMapOptions
        {
            Rows = golden.Int("rows"), Columns = golden.Int("columns"), Passes = golden.Int("passes"),
            Grid = golden.Flag("hexagonal") ? GridShape.Hexagonal : GridShape.Rectangular,
            Toroidal = golden.Flag("toroidal"), Batch = golden.Flag("batch"), LearningRate = golden.Number("rate"),
            Radius = golden.Number("radius"), FinalRadius = golden.Number("last"),
        };
        double[] numbers = [.. golden.Inputs[0].Data];
        var map = SelfOrganizingMap.Fit(numbers, 3, options, [.. golden.Inputs[1].Data],
            step => (int)golden.Ids!.Data[step]);
        var x = Tensor.From(numbers, [40, 3]);
        var state = golden.State.ToDictionary();
        Close.Equal(golden.Output.Data, map.Weights.ToArray<double>(), Close.Float64, name);
        Close.Equal(state["quantization"].Data, [map.QuantizationError(x)], Close.Float64, name);
        Close.Equal(state["topographic"].Data, [map.TopographicError(x)], Close.Float64, name);
        Close.Equal(state["u_matrix"].Data, map.DistancesToNeighbours().ToArray<double>(), Close.Float64, name);
        Assert.Equal(options.Passes + 1, map.QuantizationErrors.Count);
    }

    [Fact]
    public void What_is_more_than_can_be_counted_and_a_radius_that_grows_are_refused()
    {
        var x = Tensor.From(new double[,] { { 0, 1 }, { 1, 0 } });
        Refused.With<ArgumentOutOfRangeException>("self-organising map: 2,147,483,647 passes over 2 rows are more than "
            + "2,147,483,647 steps: give fewer", () => SelfOrganizingMap.Fit(x, new() { Rows = 2, Columns = 2,
                Batch = false, Passes = int.MaxValue }));
        Refused.With<ArgumentOutOfRangeException>("self-organising map: 10,000 units of 300,000 inputs: an array holds "
            + "2,147,483,591 weights at most: give fewer units", () => SelfOrganizingMap.Fit(
                Tensor.Zeros([1, 300_000], DType.Float64), new() { Rows = 100, Columns = 100 }));
        Refused.With<ArgumentOutOfRangeException>("self-organising map: final radius 5 above the first, 1: the "
            + "neighbourhood shrinks: give a final radius of as much at most, or a larger first one",
            () => SelfOrganizingMap.Fit(x, new() { Rows = 2, Columns = 2, Radius = 1, FinalRadius = 5 }));
        var map = SelfOrganizingMap.Fit(x, new() { Rows = 1, Columns = 2, Passes = 3 });
        Assert.Equal([5, int.MaxValue], map.ClassMap(x, Ids.From([5, int.MaxValue])).Span.ToArray().Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_square_is_unfolded(bool batch)
    {
        double[] numbers = new double[2000];
        new TorchRandom(1).Uniform(numbers);
        var x = Tensor.From(numbers, [1000, 2]);
        var options = new SelfOrganizingMapOptions { Rows = 8, Columns = 8, Batch = batch, Passes = 30 };
        var map = SelfOrganizingMap.Fit(x, options);
        var (distances, torn) = (map.QuantizationErrors, map.TopographicErrors);
        Assert.True(distances[^1] < 0.85 * distances[0], $"{distances[0]} → {distances[^1]}");
        Assert.True(torn[^1] < 0.2 * torn[0], $"{torn[0]} → {torn[^1]}");
        Assert.Equal((distances[^1], torn[^1]), (map.QuantizationError(x), map.TopographicError(x)));
        Assert.InRange(map.QuantizationError(x), 0, 0.06);
        Assert.InRange(map.TopographicError(x), 0, 0.1);
        Assert.Equal(map.Weights.ToArray<double>(), SelfOrganizingMap.Fit(x, options).Weights.ToArray<double>());
    }

    [Fact]
    public void Clusters_lie_in_valleys_and_the_class_map_tells_them_apart()
    {
        var rng = new TorchRandom(2);
        double[] numbers = new double[600];
        rng.Uniform(numbers);
        int[] classes = [.. Enumerable.Range(0, 200).Select(i => i % 2)];
        for (int i = 0; i < 200; i++) numbers[3 * i] += 8 * classes[i];
        var x = Tensor.From(numbers, [200, 3]);
        var map = SelfOrganizingMap.Fit(x, new() { Rows = 6, Columns = 6 });
        int[] drawn = map.ClassMap(x, Ids.From(classes)).Span.ToArray(), best = map.BestUnits(x).Span.ToArray();
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(classes[i], drawn[best[i]]));
        Assert.Contains(-1, drawn);
        double[] ridges = map.DistancesToNeighbours().ToArray<double>();
        Assert.True(ridges.Where((_, k) => drawn[k] < 0).Average()
            > 2 * ridges.Where((_, k) => drawn[k] >= 0).Average());
        double[] plane = map.ComponentPlane(0).ToArray<double>();
        Assert.All(Enumerable.Range(0, 36).Where(k => drawn[k] >= 0), k => Assert.Equal(drawn[k] == 1, plane[k] > 4));
        Assert.Equal("self-organising map of 6 × 6 units, hexagonal", map.ToString());
    }

    [Fact]
    public void Settings_outside_of_their_ranges_are_named()
    {
        var x = Tensor.From(new double[,] { { 1, 2 }, { 3, 4 } });
        Refused.With<ArgumentException>(
            "self-organising map: 1 rows of 1 units: give 1 or more of each, and 2 to 10,000 "
            + "units", () => SelfOrganizingMap.Fit(x, new() { Rows = 1, Columns = 1 }));
        Refused.With<ArgumentException>(
            "self-organising map: 5 rows: a hexagonal grid whose edges are joined needs an even "
            + "number of rows, since every second one is shifted",
            () => SelfOrganizingMap.Fit(x, new() { Rows = 5, Toroidal = true }));
        foreach (var (settings, sentence) in ((SelfOrganizingMapOptions, string)[])
            [(new() { Passes = 0 }, "0 passes: give 1 or more"),
            (new() { LearningRate = 2 }, "learning rate 2: give a number above 0, 1 at most"),
            (new() { Grid = (GridShape)7 }, "grid 7: give rectangular or hexagonal")])
            Refused.With<ArgumentException>($"self-organising map: {sentence}",
                () => SelfOrganizingMap.Fit(x, settings));
        Assert.ThrowsAny<ArgumentException>(() => SelfOrganizingMap.Fit(x, new() { Radius = double.NaN }));
        Assert.ThrowsAny<ArgumentException>(() => SelfOrganizingMap.Fit(x, new() { FinalRadius = 0 }));
        Refused.With<ArgumentException>("self-organising map: component plane of input 2: give 0 to 1",
            () => SelfOrganizingMap.Fit(x).ComponentPlane(2));
        Refused.With<ArgumentException>("self-organising map: the targets are [1] for 2 rows: give [2]",
            () => SelfOrganizingMap.Fit(x).ClassMap(x, Ids.From([1])));
    }
}
