namespace ChainRule.Tests.Engine;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class LoadReportTest
{
    readonly TorchRandom _rng = new(1);

    sealed class Tied : Module
    {
        public Tied(TorchRandom rng)
        {
            Wte = new(5, 3, rng);
            Head = new(Wte.Weight);
        }

        public Embedding Wte { get; }

        public Out Head { get; }
    }

    sealed class Out(Tensor weight) : Module
    {
        public Tensor Weight { get; } = weight;
    }

    [Fact]
    public void NaN_is_refused_or_said()
    {
        var (from, to) = (Net(1), Net(1));
        from.StateDict()["2.weight"].Write<float>()[1] = float.NaN;
        float[] before = [.. to.StateDict().Values.SelectMany(one => one.ToArray<float>())];
        foreach (bool? strict in (bool?[])[null, true])
        {
            Assert.Equal("load into Sequential: NaN in '2.weight': these are no weights to go on with, as after a loss "
                + "of NaN: give a model that was saved before, or strict: false to look at them",
                    Assert.ThrowsAny<ArgumentException>(() => to.LoadStateDict(from.StateDict(), strict)).Message);
            Assert.Equal(before, to.StateDict().Values.SelectMany(one => one.ToArray<float>()));
        }
        var report = to.LoadStateDict(from.StateDict(), strict: false);
        Assert.Equal(["2.weight"], report.NotNumbers);
        Assert.Equal("load into Sequential: NaN in '2.weight'", report.ToString());
        Assert.True(float.IsNaN(to.StateDict()["2.weight"].ToArray<float>()[1]));
        from.StateDict()["2.weight"].Write<float>()[1] = float.PositiveInfinity;
        Assert.Empty(to.LoadStateDict(from.StateDict()).NotNumbers);
    }

    Sequential Net(int outputs) => new(new Linear(2, 3, _rng), new Tanh(), new Linear(3, outputs, _rng));

    [Fact]
    public void What_fits_is_loaded_and_the_rest_is_said()
    {
        Sequential trained = Net(10), mine = Net(4);
        float[] head = ((Linear)mine[2]).Weight.ToArray<float>();
        var report = mine.LoadStateDict([.. trained.StateDict().Where(one => one.Key != "0.bias"),
            new("3.weight", Tensor.Ones([1]))], strict: false);
        Assert.Equal(["0.weight"], report.Loaded);
        Assert.Equal(["0.bias"], report.Missing);
        Assert.Equal(["3.weight"], report.Unexpected);
        Assert.Equal(["'2.weight' [10, 3] (Float32) for [4, 3] (Float32)", "'2.bias' [10] (Float32) for [4] (Float32)"],
            report.Different);
        Assert.False(report.Complete);
        Assert.Equal("load into Sequential: missing '0.bias'; unexpected '3.weight'; different '2.weight' [10, 3] "
            + "(Float32) for [4, 3] (Float32), '2.bias' [10] (Float32) for [4] (Float32)", report.ToString());
        Assert.Equal(((Linear)trained[0]).Weight.ToArray<float>(), ((Linear)mine[0]).Weight.ToArray<float>());
        Assert.Equal(head, ((Linear)mine[2]).Weight.ToArray<float>());
    }

    [Fact]
    public void A_whole_layer_can_be_loaded_alone_and_half_of_one_cannot()
    {
        Sequential trained = Net(10), mine = Net(4);
        var report =
            mine.LoadStateDict(trained.StateDict().Where(one => one.Key.StartsWith("0.", StringComparison.Ordinal)));
        Assert.Equal(["0.weight", "0.bias"], report.Loaded);
        Assert.Equal(["2.weight", "2.bias"], report.Missing);
        Assert.Equal(((Linear)trained[0]).Weight.ToArray<float>(), ((Linear)mine[0]).Weight.ToArray<float>());
        var half = trained.StateDict().Where(one => one.Key == "0.weight").ToArray();
        Assert.StartsWith("load into Sequential: missing '0.bias', '2.weight', '2.bias': ",
            Assert.ThrowsAny<ArgumentException>(() => mine.LoadStateDict(half)).Message, StringComparison.Ordinal);
        Assert.StartsWith("load into Sequential: missing '2.weight', '2.bias': ",
            Assert.ThrowsAny<ArgumentException>(
                () => mine.LoadStateDict(trained.StateDict().Where(one => one.Key[0] == '0'), strict: true)).Message,
                    StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_fits_is_said_in_a_word()
    {
        var report = Net(4).LoadStateDict(Net(4).StateDict());
        Assert.True(report.Complete);
        Assert.Equal("load into Sequential: all 4 tensors fit", report.ToString());
    }

    [Fact]
    public void Of_a_tensor_with_two_names_one_is_enough_and_two_must_agree()
    {
        var model = new Tied(_rng);
        foreach (string name in (string[])["wte.weight", "head.weight"])
        {
            var report = model.LoadStateDict([new(name, Tensor.Full([5, 3], 7))]);
            Assert.Equal(["head.weight", "wte.weight"], report.Loaded.Order());
            Assert.Equal(7, model.Wte.Weight[4, 2]);
        }
        model.LoadStateDict([new("wte.weight", Tensor.Full([5, 3], 8)), new("head.weight", Tensor.Full([5, 3], 8))]);
        foreach (bool strict in (bool[])[true, false])
        {
            Assert.Equal("load into Tied: 'wte.weight' and 'head.weight' are one tensor here, and differ where they "
                + "come from: give one of them, or both the same",
                Assert.ThrowsAny<ArgumentException>(
                    () => model.LoadStateDict([new("wte.weight", Tensor.Ones([5, 3])),
                        new("head.weight", Tensor.Zeros([5, 3]))], strict)).Message);
        }
        Assert.Equal(8, model.Wte.Weight[0, 0]);
    }

    [Fact]
    public void What_is_no_tensor_is_refused() =>
        Assert.Equal("load into Tanh: 'x' was never given numbers: give names and tensors",
        Assert.ThrowsAny<ArgumentException>(() => new Tanh().LoadStateDict([new("x", default)])).Message);
}
