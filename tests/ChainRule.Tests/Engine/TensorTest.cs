namespace ChainRule.Tests.Engine;

public sealed class TensorTest
{
    [Fact]
    public void A_handle_without_a_tensor_is_refused()
    {
        const string never =
            "this tensor was never given a value: make one with Tensor.Zeros, Tensor.From, Tensor.Randn …";
        Tensor none = default;
        Assert.False(none.Exists);
        Assert.Equal("tensor without a value", none.ToString());
        Assert.Equal(none, default);
        Refused.With<InvalidOperationException>(never, () => _ = none.Shape);
        Refused.With<InvalidOperationException>(never, () => _ = none + Tensor.Ones([2]));
        Refused.With<InvalidOperationException>(never, () => _ = Tensor.Ones([2]).MatMul(none));
        Refused.With<InvalidOperationException>(never, () => none.Backward());
    }

    [Fact]
    public void Equal_handles_are_handles_on_one_tensor()
    {
        Tensor a = Tensor.Ones([2]), same = a, other = Tensor.Ones([2]);
        Assert.True(a.IsSame(same) && a.GetHashCode() == same.GetHashCode() && !a.IsSame(other)
            && a.Equals((object)same) && !a.Equals("a"));
    }

    [Fact]
    public void Number_types_do_not_mix()
    {
        Tensor single = Tensor.Ones([2, 2]), twice = Tensor.Ones([2, 2], DType.Float64);
        Refused.With<ArgumentException>("add: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => _ = single + twice);
        Refused.With<ArgumentException>("matmul: Float64 and Float32 do not mix: convert one with To(DType.Float64)",
            () => twice.MatMul(single));
        Refused.With<ArgumentException>("concat: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => Tensor.Concat(0, single, twice));
        Refused.With<ArgumentException>(
            "squared error: Float32 and Float64 do not mix: convert one with To(DType.Float32)",
            () => single.MseLoss(twice));
        Assert.Equal((DType.Float64, DType.Float32), ((twice * 2).DType, (1 - single).DType));
    }

    [Fact]
    public void Numbers_are_converted_between_types_by_rounding()
    {
        var third = Tensor.From(1.0 / 3, double.NaN, double.NegativeInfinity, 1e300);
        Assert.Equal([1f / 3, float.NaN, float.NegativeInfinity, float.PositiveInfinity],
            third.To(DType.Float32).ToArray<float>());
        Assert.Equal(1f / 3, third.To(DType.Float32).To(DType.Float64)[0]);
        Assert.NotEqual(third, third.To(DType.Float64));
    }

    [Fact]
    public void An_index_finds_a_number_from_either_end()
    {
        var x = Tensor.Arange(0, 6).Reshape(2, 3);
        Assert.Equal((5, 5, 3, 2), (x[1, 2], x[-1, -1], x[1, 0], x[0, -1]));
        Assert.Equal(7, Tensor.Scalar(7)[[]]);
        Refused.With<ArgumentOutOfRangeException>(
            "index [0, 3] of [2, 3]: axis 1 has 3 places, and 3 is not one of them", () => _ = x[0, 3]);
        Refused.With<ArgumentOutOfRangeException>(
            "index [-3, 0] of [2, 3]: axis 0 has 2 places, and -3 is not one of them", () => _ = x[-3, 0]);
        Refused.With<ArgumentException>("index [1] of [2, 3]: 1 numbers for 2 axes: give one for each", () => _ = x[1]);
    }

    [Fact]
    public void Numbers_are_read_in_their_own_type()
    {
        var x = Tensor.From(1f, 2f);
        Refused.With<ArgumentException>(
            "read: a Float32 tensor was asked for Double: convert it with To(), or ask for its own type",
            () => x.Read<double>());
        Refused.With<ArgumentException>(
            "write: a Float32 tensor was asked for Double: convert it with To(), or ask for its own type",
            () => x.Write<double>());
        Refused.With<ArgumentException>("read: a tensor holds float or double, not Int32: convert the numbers first",
            () => x.Read<int>());
        Refused.With<InvalidOperationException>(
            "item of [2]: it holds 2 numbers, not one: index it, or reduce it with Sum() or Mean()",
            () => x.Item());
        x.Write<float>()[1] = 5;
        Assert.Equal([1, 5], x.ToArray<float>());
    }

    [Fact]
    public void Rows_are_copied()
    {
        var x = Tensor.Arange(0, 6).Reshape(3, 2);
        var picked = x.Rows([2, 0, 2]);
        Assert.Equal([4, 5, 0, 1, 4, 5], picked.ToArray<float>());
        Assert.Equal("[3, 2]", picked.Shape.ToString());
        Refused.With<ArgumentOutOfRangeException>("rows: row 3 of [3, 2]: rows run from 0 to 2", () => x.Rows([3]));
        Refused.With<ArgumentOutOfRangeException>("rows: row 0 of [0, 2]: there are no rows",
            () => Tensor.Zeros([0, 2]).Rows([0]));
        Refused.With<ArgumentException>("rows: a single number has no rows", () => Tensor.Scalar(1).Rows([0]));
        Assert.Equal("[0, 2]", x.Rows([]).Shape.ToString());
    }
}
