namespace ChainRule.Tests;

public sealed class GoldenTest
{
    public static TheoryData<string> Files =>
        ["ops", "losses", "layers", "sequence", "init", "optim", "overfit", "models", "derivatives"];

    [Theory, MemberData(nameof(Files))]
    public void Every_case_is_whole(string file)
    {
        var cases = Golden.Cases(file);
        Assert.NotEmpty(cases);
        Assert.Equal(cases.Count, cases.Select(one => one.Name).Distinct().Count());
        foreach (var one in cases)
        {
            Assert.True(one.Name.StartsWith(one.Op, StringComparison.Ordinal), one.Name);
            AssertWhole(one, one.Name);
            foreach (var step in one.Steps)
                AssertWhole(step, $"{one.Name}, step {step}");
        }
    }

    [Theory]
    [InlineData("ops")]
    [InlineData("losses")]
    [InlineData("layers")]
    [InlineData("sequence")]
    [InlineData("models")]
    public void What_goes_in_is_exact_in_float32(string file)
    {
        foreach (var one in Golden.Cases(file))
            foreach (var given in one.Steps.Prepend(one))
            {
                var state = given == one ? one.State.Select(pair => pair.Value) : [];
                foreach (var tensor in given.Inputs.Concat(state).Append(given.Upstream).OfType<GoldenTensor>())
                    Assert.True(Array.TrueForAll(tensor.Data, x => ((double)(float)x).Equals(x)), one.Name);
            }
    }

    [Fact]
    public void A_case_gives_its_settings_inputs_and_gradients()
    {
        var golden = Golden.Case("ops", "sum of [2, 3, 4], axes [0, 2], keepdim True");
        Assert.Equal("sum", golden.Op);
        Assert.Equal([0, 2], golden.Ints("axes"));
        Assert.True(golden.Flag("keepdim"));
        Assert.Equal(7, golden.Int("axis", 7));
        Assert.False(golden.Float64Only);
        Assert.Equal([2, 3, 4], Assert.Single(golden.Inputs).Shape);
        Assert.Equal([1, 3, 1], golden.Output.Shape);

        double[] x = golden.Inputs[0].Data;
        double[] sums = [.. Enumerable.Range(0, 3).Select(row => x.Where((_, i) => i / 4 % 3 == row).Sum())];
        Close.Equal(sums, golden.Output.Data, 1e-13, "sums");
        double[] slopes = [.. Enumerable.Range(0, 24).Select(i => golden.Upstream!.Data[i / 4 % 3])];
        Close.Equal(slopes, golden.Grads[0]!.Data, 1e-13, "slopes");
    }

    [Fact]
    public void Names_that_json_has_no_number_for_are_read()
    {
        Assert.Equal([double.NegativeInfinity, 0.0, double.NaN],
            Golden.Case("ops", "log of [3]: at zero and below").Output.Data);
        Assert.Equal(double.NegativeInfinity, Golden.Cases("ops", "masked_fill")[2].Number("value"));
    }

    [Fact]
    public void A_layer_gives_its_state_in_order_and_its_steps()
    {
        var golden = Golden.Cases("layers", "batch_norm")[0];
        Assert.Equal(["weight", "bias", "running_mean", "running_var"], golden.State.Select(one => one.Key));
        Assert.Equal([true, true, true, false, true], golden.Steps.Select(step => step.Flag("training")));
        Assert.Equal(["weight", "bias"], golden.Steps[0].StateGrads.Select(one => one.Key));
        Assert.Equal(["running_mean", "running_var"], golden.Steps[0].State.Select(one => one.Key));
    }

    [Fact]
    public void What_was_not_recorded_is_named()
    {
        Assert.Equal("ops.json has no case named 'tahn'",
            Assert.ThrowsAny<ArgumentException>(() => Golden.Case("ops", "tahn")).Message);
        Assert.StartsWith("ops.json has no case of 'tahn'; it has add, ",
            Assert.ThrowsAny<ArgumentException>(() => Golden.Names("ops", "tahn")).Message, StringComparison.Ordinal);
        var missing = Assert.ThrowsAny<ArgumentException>(() => Golden.Case("ops", "relu of [1]: at zero").Int("axis"));
        Assert.Equal("golden 'relu of [1]: at zero': no argument 'axis'; it has {}", missing.Message);
    }

    static void AssertWhole(GoldenCase one, string name)
    {
        var tensors = one.Inputs.Concat(one.Grads.OfType<GoldenTensor>())
            .Concat(one.State.Concat(one.StateGrads).Select(pair => pair.Value));
        foreach (var tensor in tensors)
            Assert.True(tensor.Shape.Aggregate(1, (n, size) => n * size) == tensor.Data.Length, name);
        if (one.Ids is { } ids)
            Assert.True(ids.Shape.Aggregate(1, (n, size) => n * size) == ids.Data.Length, name);
        if (one.Upstream is { } upstream)
            Assert.True(upstream.Shape.SequenceEqual(one.Output.Shape), name);
        Assert.True(one.Grads.Count == 0 || one.Grads.Count == one.Inputs.Count, name);
        foreach (var (x, dx) in one.Inputs.Zip(one.Grads))
            Assert.True(dx is null || dx.Shape.SequenceEqual(x.Shape), name);
    }
}
