using ChainRule.Diagnostics;
using ChainRule.Randomness;

namespace ChainRule.Tests.Ops;

public sealed class CustomTest
{
    // y = a · b² with b² saved; b is broadcast over the rows of a.
    static Tensor TimesSquare(Tensor a, Tensor b) => Tensor.Custom("times square", a.Shape, [a, b],
        f =>
        {
            for (int k = 0; k < f.X(1).Length; k++) f.Saved()[k] = f.X(1)[k] * f.X(1)[k];
            for (int i = 0; i < f.Y.Length; i++) f.Y[i] = f.X(0)[i] * f.Saved()[i % f.X(1).Length];
        },
        f =>
        {
            int columns = f.XShape(1)[0];
            for (int i = 0; i < f.DY.Length; i++)
            {
                int k = i % columns;
                f.DX(0)[i] += f.DY[i] * f.Saved()[k];
                f.DX(1)[k] += f.DY[i] * 2 * f.X(0)[i] * f.X(1)[k];
            }
        },
        b.Count);

    [Fact]
    public void Its_gradients_are_those_that_are_measured()
    {
        Tensor a = Tensor.Randn([3, 4], new TorchRandom(1), DType.Float64).RequireGrad(),
            b = Tensor.Randn([4], new TorchRandom(2), DType.Float64).RequireGrad();
        GradCheck.Require("times square", () => (TimesSquare(a, b) * a.Sin()).Sum(), [new("a", a), new("b", b)]);
    }

    [Fact]
    public void It_is_what_the_ops_of_the_library_make_of_it_in_both_number_types()
    {
        foreach (var dtype in Enum.GetValues<DType>())
        {
            Tensor[] Given() =>
                [Tensor.Randn([3, 4], new TorchRandom(1)).To(dtype).Detach().RequireGrad(),
                    Tensor.Randn([4], new TorchRandom(2)).To(dtype).Detach().RequireGrad()];
            Tensor[] ours = Given(), theirs = Given();
            Tensor y = TimesSquare(ours[0], ours[1]), z = theirs[0] * theirs[1].Square();
            Close.Equal(GoldenOps.Doubles(z), GoldenOps.Doubles(y), Close.Float32, "value");
            y.Sum().Backward();
            z.Sum().Backward();
            for (int i = 0; i < 2; i++)
                Close.Equal(GoldenOps.Doubles(theirs[i].Grad), GoldenOps.Doubles(ours[i].Grad), Close.Float32,
                    $"{dtype}, gradient {i}");
        }
    }

    [Fact]
    public void Gradients_add_up_and_an_input_that_requires_none_gets_none()
    {
        Tensor a = Tensor.Ones([1, 2]).RequireGrad(), b = Tensor.Full([2], 3);
        for (int i = 0; i < 2; i++) TimesSquare(a, b).Sum().Backward();
        Assert.Equal([18, 18], GoldenOps.Doubles(a.Grad));
        Assert.False(b.HasGrad);
        bool[] required = [];
        Tensor.Custom("look", [], [a, b], f => required = [f.RequiresGrad(), f.RequiresGrad(1)], _ => { });
        Assert.Equal([true, false], required);
    }

    [Fact]
    public void It_works_in_a_scope_and_without_a_graph()
    {
        Tensor a = Tensor.Ones([2, 2]).RequireGrad(), b = Tensor.Full([2], 2);
        using (Scope.Begin()) TimesSquare(a, b).Sum().Backward();
        Assert.Equal([4, 4, 4, 4], GoldenOps.Doubles(a.Grad));
        using var quiet = NoGrad.Begin();
        Assert.True(TimesSquare(a, b).IsLeaf);
    }

    [Fact]
    public void Its_name_is_what_errors_and_graphs_say()
    {
        var x = Tensor.From(0.0).RequireGrad();
        Assert.Equal("times square", TimesSquare(x, x).Op);
        using var watch = NanWatch.Begin();
        var bad = Assert.Throws<InvalidOperationException>(
            () => Tensor.Custom("broken", [1], [x], f => f.Y[0] = double.NaN, _ => { }));
        Assert.StartsWith("broken ", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_in_a_sentence()
    {
        var x = Tensor.From(1.0).RequireGrad();
        Assert.Equal("custom op 'f': there are no inputs: give at least one tensor",
            Assert.ThrowsAny<ArgumentException>(() => Tensor.Custom("f", [], [], _ => { }, _ => { })).Message);
        Assert.Equal("custom op 'f': Float64 and Float32 do not mix: convert one with To(DType.Float64)",
            Assert.ThrowsAny<ArgumentException>(() => Tensor.Custom("f", [], [x, Tensor.Ones([1])], _ => { }, _ => { }))
                .Message);
        Assert.Equal("custom op 'f': a saved tensor of -1 numbers: give 0 to 2,147,483,591",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Tensor.Custom("f", [], [x], _ => { }, _ => { }, -1))
                .Message);
        Assert.Equal("custom op: the forward pass has no gradients: use DY and DX in the backward pass",
            Assert.Throws<InvalidOperationException>(() => Tensor.Custom("f", [], [x], f => _ = f.DY.Length, _ => { }))
                .Message);
        Assert.Equal("custom op: input 1: inputs run from 0 to 0",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(
                () => Tensor.Custom("f", [], [x], f => _ = f.X(1).Length, _ => { })).Message);
        Assert.Equal("custom op: saved tensor 0: there are no saved tensors",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(
                () => Tensor.Custom("f", [], [x], f => _ = f.Saved().Length, _ => { })).Message);
    }

    [Fact]
    public void An_input_that_was_overwritten_is_refused()
    {
        var x = Tensor.From(1.0).RequireGrad();
        var y = TimesSquare(x * 1, x);
        using (NoGrad.Begin()) x.FillInPlace(2);
        Assert.Contains("'times square'", Assert.Throws<InvalidOperationException>(() => y.Backward()).Message,
            StringComparison.Ordinal);
    }
}
