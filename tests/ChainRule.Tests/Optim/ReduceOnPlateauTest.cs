using ChainRule.Optim;

namespace ChainRule.Tests.Optim;

public sealed class ReduceOnPlateauTest
{
    public static TheoryData<string> Recorded => Golden.Names("optim", "reduce_lr_on_plateau");

    [Theory, MemberData(nameof(Recorded))]
    public void Lowers_the_rate_where_pytorch_does(string name)
    {
        var golden = Golden.Case("optim", name);
        var plateau = Make(golden);
        double[] rates = [.. golden.Inputs[0].Data.Select(plateau.Step)];
        Assert.Equal(60, rates.Length);
        for (int i = 0; i < rates.Length; i++)
            Close.Equal([golden.Output.Data[i]], [rates[i]], Close.Float64, $"{name}, after metric {i}");
    }

    [Theory, MemberData(nameof(Recorded))]
    public void Continues_from_a_saved_state(string name)
    {
        var golden = Golden.Case("optim", name);
        var (whole, first, second) = (Make(golden), Make(golden), Make(golden));
        for (int i = 0; i < 60; i++)
        {
            double metric = golden.Inputs[0].Data[i];
            if (i == 13) second.Load(first.State);
            Assert.Equal(whole.Step(metric), i < 13 ? first.Step(metric) : second.Step(metric));
        }
        Assert.Equal(whole.LearningRate, second.LearningRate);
    }

    [Fact]
    public void More_may_be_better()
    {
        var plateau = new ReduceOnPlateau(Of(1),
            new() { Factor = 0.5, Patience = 1, Threshold = 0.1, Maximize = true });
        // 1.05 and 1.09 do not pass 1 · 1.1; 1.2 does; then two that do not
        Assert.Equal([1, 1, 0.5, 0.5, 0.5, 0.25], new[] { 1, 1.05, 1.09, 1.2, 1.2, double.NaN }.Select(plateau.Step));
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        Assert.Equal("ReduceOnPlateau: factor 1: give a number in [0, 1)",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(Of(0.1), new() { Factor = 1 }))
                .Message);
        Assert.Equal("ReduceOnPlateau: patience -1: give 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => new ReduceOnPlateau(Of(0.1), new() { Patience = -1 }))
                .Message);
        Assert.Equal("load into ReduceOnPlateau: missing 'ReduceOnPlateau'; unexpected 'Sgd.step', '0.step': "
            + "give a state that ReduceOnPlateau saved under the same settings",
            Assert.ThrowsAny<ArgumentException>(
                () => new ReduceOnPlateau(Of(0.1)).Load(new Sgd([Tensor.Zeros([1]).RequireGrad()]).State)).Message);
    }

    static Sgd Of(double rate) => new([Tensor.Zeros([1]).RequireGrad()], rate);

    static ReduceOnPlateau Make(GoldenCase golden) => new(Of(golden.Number("lr")), new()
    {
        Factor = golden.Number("factor"), Patience = golden.Int("patience"), Threshold = golden.Number("threshold"),
        Cooldown = golden.Int("cooldown"), MinLearningRate = golden.Number("min_lr"),
    });
}
