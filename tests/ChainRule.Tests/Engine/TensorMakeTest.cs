using ChainRule.Randomness;

namespace ChainRule.Tests.Engine;

public sealed class TensorMakeTest
{
    [Fact]
    public void Tensors_are_made_of_one_number()
    {
        Assert.Equal([0, 0], Tensor.Zeros([2]).ToArray<float>());
        Assert.Equal([1, 1], Tensor.Ones([2], DType.Float64).ToArray<double>());
        Assert.Equal([2.5f, 2.5f], Tensor.Full([2, 1], 2.5).ToArray<float>());
        Assert.Equal((0, 7.0), (Tensor.Scalar(7).Rank, Tensor.Scalar(7).Item()));
        Assert.Equal([1, 0, 0, 1], Tensor.Eye(2).ToArray<float>());
    }

    [Fact]
    public void Tensors_are_made_of_given_numbers_which_are_copied()
    {
        double[] given = [1, 2, 3, 4];
        var x = Tensor.From(given, [2, 2]);
        given[0] = 9;
        Assert.Equal((DType.Float64, 1.0), (x.DType, x[0, 0]));
        Assert.Equal("[2, 3]", Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Shape.ToString());
        Assert.Equal(6, Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } })[1, 2]);
        Assert.Equal("[3]", Tensor.From(1f, 2f, 3f).Shape.ToString());
        Refused.With<ArgumentException>("from: 4 numbers do not fill [3], which holds 3",
            () => Tensor.From(given, [3]));
        Refused.With<ArgumentException>("from: a tensor holds float or double, not Int32: convert the numbers first",
            () => Tensor.From(1, 2));
        Refused.With<ArgumentException>("from: a tensor holds float or double, not Decimal: convert the numbers first",
            () => Tensor.From(new[,] { { 1m } }));
    }

    [Fact]
    public void A_range_steps_from_its_start_to_before_its_end()
    {
        Assert.Equal([-1, -0.5, 0, 0.5], Tensor.Arange(-1, 1, 0.5, DType.Float64).ToArray<double>());
        Assert.Equal([3, 2, 1], Tensor.Arange(3, 0, -1).ToArray<float>());
        Assert.Equal([0, 2, 4], Tensor.Arange(0, 5, 2).ToArray<float>());
        Assert.Equal(0, Tensor.Arange(2, 2).Count);
        Refused.With<ArgumentException>("arange(0, 5, -1): that step does not lead from the start to the end: give one "
            + "above 0", () => Tensor.Arange(0, 5, -1));
        Refused.With<ArgumentException>("arange(5, 0, 0): that step does not lead from the start to the end: give one "
            + "below 0", () => Tensor.Arange(5, 0, 0));
        Refused.With<ArgumentException>("arange(0, 1E+18, 1): these are 1E+18 numbers, and a tensor holds at most "
            + "2,147,483,591: give a nearer end or a longer step",
            () => Tensor.Arange(0, 1e18));
        Refused.With<ArgumentException>("arange(-1E+308, 1E+308, 1): these are Infinity numbers, and a tensor holds at "
            + "most 2,147,483,591: give a nearer end or a longer step",
            () => Tensor.Arange(-1e308, 1e308));
        Refused.With<ArgumentException>("arange(0, NaN, 1): start, end and step must be finite numbers",
            () => Tensor.Arange(0, double.NaN));
        Refused.With<ArgumentException>("arange(-Infinity, 0, 1): start, end and step must be finite numbers",
            () => Tensor.Arange(double.NegativeInfinity, 0));
        Refused.With<ArgumentException>("arange(0, 1, Infinity): start, end and step must be finite numbers",
            () => Tensor.Arange(0, 1, double.PositiveInfinity));
    }

    [Fact]
    public void Evenly_spaced_numbers_hold_both_ends_exactly_and_are_symmetric()
    {
        double[] x = Tensor.Linspace(-0.3, 0.3, 7, DType.Float64).ToArray<double>();
        Assert.Equal((-0.3, 0.3), (x[0], x[^1]));
        Assert.Equal(x.Reverse().Select(one => -one), x);
        Assert.Equal([5], Tensor.Linspace(5, 9, 1).ToArray<float>());
        Assert.Equal(0, Tensor.Linspace(5, 9, 0).Count);
    }

    [Fact]
    public void A_one_hot_row_has_a_single_one()
    {
        var x = Tensor.OneHot(Ids.From([2, 0, 1, 1], [2, 2]), 3);
        Assert.Equal("[2, 2, 3]", x.Shape.ToString());
        Assert.Equal([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0], x.ToArray<float>());
        Refused.With<ArgumentOutOfRangeException>("one-hot: id 3 at place 1 of [2]: ids run from 0 to 2",
            () => Tensor.OneHot(Ids.From(0, 3), 3));
        Refused.With<ArgumentOutOfRangeException>("one-hot: id -1 at place 0 of [1]: ids run from 0 to 2",
            () => Tensor.OneHot(Ids.From(-1), 3));
    }

    [Fact]
    public void Drawn_tensors_are_the_streams_of_their_generator()
    {
        float[] expected = new float[20];
        new TorchRandom(7).Normal(expected, 0, 1);
        Assert.Equal(expected, Tensor.Randn([4, 5], new TorchRandom(7)).ToArray<float>());
        new TorchRandom(7).Uniform(expected, -2, 3);
        Assert.Equal(expected, Tensor.Uniform([20], -2, 3, new TorchRandom(7)).ToArray<float>());
        Assert.Equal(Tensor.Uniform([3], 0, 1, new TorchRandom(7), DType.Float64).ToArray<double>(),
            Tensor.Rand([3], new TorchRandom(7), DType.Float64).ToArray<double>());
    }

    [Fact]
    public void Numbers_are_written_in_place_where_both_are_alike()
    {
        var w = Tensor.From(1f, 2f);
        w.AddInPlace(Tensor.From(10f, 20f), -0.5);
        Assert.Equal([-4, -8], w.ToArray<float>());
        w.AddInPlace(w, 2);
        Assert.Equal([-12, -24], w.ToArray<float>());
        w.CopyInPlace(Tensor.From(7f, 8f));
        Assert.Equal([7, 8], w.ToArray<float>());
        w.LerpInPlace(Tensor.From(11f, 4f), 0.25);
        Assert.Equal([8, 7], w.ToArray<float>());
        w.FillInPlace(3);
        Assert.Equal([3, 3], w.ToArray<float>());
        Refused.With<ArgumentException>("add [3] (Float32) to [2] (Float32) in place: both must be alike",
            () => w.AddInPlace(Tensor.Ones([3])));
        Refused.With<ArgumentException>("lerp [2] (Float32) to [3] (Float32) in place: both must be alike",
            () => w.LerpInPlace(Tensor.Ones([3]), 0.1));
        Refused.With<ArgumentException>("copy [2] (Float64) into [2] (Float32) in place: both must be alike",
            () => w.CopyInPlace(Tensor.Ones([2], DType.Float64)));
    }
}
