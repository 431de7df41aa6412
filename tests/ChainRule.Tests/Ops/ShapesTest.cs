using FsCheck;
using FsCheck.Fluent;

namespace ChainRule.Tests.Ops;

public sealed class ShapesTest
{
    public static TheoryData<string> Recorded => GoldenOps.Cases("ops", GoldenOps.Shapes);

    [Theory, MemberData(nameof(Recorded))]
    public void Values_and_gradients_equal_the_recording(string name) => GoldenOps.Check("ops", name);

    [Fact]
    public void A_reshape_shares_the_numbers()
    {
        var x = Tensor.Arange(0, 6);
        x.Reshape(2, 3).Write<float>()[5] = 50;
        Assert.Equal(50, x[5]);
        Assert.Equal(("[3, 2]", "[6]", "[1, 6, 1]"),
            (x.Reshape(3, -1).Shape.ToString(), x.Reshape(2, 3).Flatten().Shape.ToString(),
                x.Reshape(1, -1, 1).Shape.ToString()));
        Assert.Equal("[0, 4]", Tensor.Zeros([0]).Reshape(-1, 4).Shape.ToString());
    }

    [Fact]
    public void A_reshape_that_does_not_fill_is_refused()
    {
        var x = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentException>("reshape: [2, 3] does not fill [4]: 6 numbers for 4 places",
            () => x.Reshape(4));
        Refused.With<ArgumentException>("reshape: [2, 3] to [4, -1]: no single size in the place of -1 makes 6 numbers",
            () => x.Reshape(4, -1));
        Refused.With<ArgumentException>(
            "reshape: [2, 3] to [-1, -1]: no single size in the place of -1 makes 6 numbers", () => x.Reshape(-1, -1));
        Refused.With<ArgumentException>(
            "reshape: [2, 3] to [-1, -2]: no single size in the place of -1 makes 6 numbers", () => x.Reshape(-1, -2));
        Refused.With<ArgumentException>("reshape: [0] to [0, -1]: no single size in the place of -1 makes 0 numbers",
            () => Tensor.Zeros([0]).Reshape(0, -1));
        Refused.With<ArgumentException>("shape [-6]: axis 0 is -6: sizes are 0 or more", () => x.Reshape(-6));
    }

    [Fact]
    public void Axes_of_size_one_come_and_go()
    {
        var x = Tensor.Arange(0, 6).Reshape(2, 3).RequireGrad();
        Assert.Equal(("[1, 2, 3]", "[2, 1, 3]", "[2, 3, 1]", "[2, 1, 3]"),
            (x.Unsqueeze(0).Shape.ToString(), x.Unsqueeze(1).Shape.ToString(), x.Unsqueeze(-1).Shape.ToString(),
                x.Unsqueeze(-2).Shape.ToString()));
        Assert.Equal("[2, 3]", x.Unsqueeze(1).Squeeze(1).Shape.ToString());
        x.Unsqueeze(0).Squeeze(-3).Sum().Backward();
        Assert.Equal([1, 1, 1, 1, 1, 1], x.Grad.ToArray<float>());
        Refused.With<ArgumentException>("squeeze of [2, 3]: axis 1 is 3: only an axis of size 1 can go",
            () => x.Squeeze(1));
        Refused.With<ArgumentOutOfRangeException>("unsqueeze: new axis 3 for [2, 3]: it can stand from -3 to 2",
            () => x.Unsqueeze(3));
    }

    [Fact]
    public void Slices_beyond_an_axis_are_cut_off_and_may_be_empty()
    {
        var x = Tensor.Arange(0, 5);
        Assert.Equal([3, 4], x.Slice(0, 3).ToArray<float>());
        Assert.Equal([0, 1], x.Slice(0, -99, 2).ToArray<float>());
        Assert.Equal([1, 3], x.Slice(0, 1, 99, 2).ToArray<float>());
        Assert.Empty(x.Slice(0, 3, 3).ToArray<float>());
        Assert.Empty(x.Slice(0, 99).ToArray<float>());
        Refused.With<ArgumentOutOfRangeException>("slice of [5]: step 0: it must be 1 or more",
            () => x.Slice(0, 0, 5, 0));
        Refused.With<ArgumentOutOfRangeException>("slice: axis 1 of [5]: axes run from -1 to 0", () => x.Slice(1, 0));

        var w = Tensor.Ones([5]).RequireGrad();
        (w.Slice(0, 3, 3).Sum() + w.Slice(0, 4).Sum()).Backward();
        Assert.Equal([0, 0, 0, 0, 1], w.Grad.ToArray<float>());
    }

    [Fact]
    public void What_cannot_be_moved_is_refused()
    {
        var x = Tensor.Zeros([2, 3]);
        Refused.With<ArgumentOutOfRangeException>(
            "select: place 3 of axis 1 of [2, 3]: places run from 0 to 2, or back from -1",
            () => x.Select(1, 3));
        Refused.With<ArgumentException>("permute [2, 3]: 1 axes named: name each of the 2 once", () => x.Permute(0));
        Refused.With<ArgumentException>("permute [2, 3]: axis -1 is named twice: name each once",
            () => x.Permute(1, -1));
        Refused.With<ArgumentException>("T of [3]: only a matrix has one: say Transpose(axisA, axisB) or Permute(axes)",
            () => _ = Tensor.Zeros([3]).T);
        Refused.With<ArgumentException>("expand [2, 3] to [3]: it has more axes than the goal", () => x.Expand([3]));
        Refused.With<ArgumentException>(
            "expand [2, 3] to [4, 3]: axis 0 is 2 and should become 4: only a size of 1 stretches",
            () => x.Expand([4, 3]));
        Refused.With<ArgumentException>("concat along axis 0: [2, 4] does not fit [2, 3]: all other sizes must agree",
            () => Tensor.Concat(0, x, Tensor.Zeros([2, 4])));
        Refused.With<ArgumentException>("concat: nothing was given: name at least one tensor", () => Tensor.Concat(0));
        Refused.With<ArgumentException>("stack: [3, 2] is not [2, 3]: all shapes must be equal",
            () => Tensor.Stack(0, x, Tensor.Zeros([3, 2])));
        Refused.With<ArgumentOutOfRangeException>("stack: new axis 3 for [2, 3]: it can stand from -3 to 2",
            () => Tensor.Stack(3, x, x));
    }

    [Fact]
    public void Parts_of_a_tensor_put_together_again_are_the_tensor() => For(d =>
    {
        int[] sizes = d.Sizes(1, 4);
        int axis = d.Axis(sizes.Length), size = sizes[axis < 0 ? axis + sizes.Length : axis], cut = d.Int(0, size);
        var x = d.Numbers(sizes);
        AssertSame(x, Tensor.Concat(axis, x.Slice(axis, 0, cut), x.Slice(axis, cut)));
        AssertSame(x, Tensor.Stack(axis, [.. Enumerable.Range(0, size).Select(i => x.Select(axis, i))]));
    });

    [Fact]
    public void A_permutation_and_its_inverse_give_the_tensor_back() => For(d =>
    {
        int[] sizes = d.Sizes(0, 4), axes = [.. Enumerable.Range(0, sizes.Length).OrderBy(_ => d.Int(0, 1000))];
        var x = d.Numbers(sizes);
        var y = x.Permute(axes);
        AssertSame(x, y.Permute([.. Enumerable.Range(0, axes.Length).Select(axis => Array.IndexOf(axes, axis))]));

        // y[i] = x[j] where place axes[k] of j is place k of i.
        for (int flat = 0; flat < y.Count; flat++)
        {
            int[] i = new int[axes.Length], j = new int[axes.Length];
            for (int axis = axes.Length - 1, rest = flat; axis >= 0; rest /= y.Shape[axis], axis--)
                i[axis] = rest % y.Shape[axis];
            for (int k = 0; k < axes.Length; k++) j[axes[k]] = i[k];
            Assert.Equal(x[j], y[i]);
        }
    });

    static void For(Action<Draw> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Draw(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50).WithReplay(20260101, 1));

    static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
    }
}
