using ChainRule.Data;
using ChainRule.Randomness;

namespace ChainRule.Tests.Data;

public class ScalerTest
{
    static readonly Tensor s_train =
        Tensor.From(new double[,] { { 1, 10, 7 }, { 2, 30, 7 }, { 3, 20, 7 }, { 6, 60, 7 } });

    [Fact]
    public void Z_score_gives_mean_0_and_deviation_1()
    {
        var scaler = Scaler.ZScore(s_train);
        // By hand: mean 3, squared offsets 4 + 1 + 0 + 9 = 14, variance 3.5; mean 30, offsets
        // 400 + 0 + 100 + 900 = 1400, variance 350.
        Close.Equal([3, 30, 7], scaler.Offset, 1e-15, "offset");
        Close.Equal([Math.Sqrt(3.5), Math.Sqrt(350), 1], scaler.Scale, 1e-15, "scale");
        double a = Math.Sqrt(3.5), b = Math.Sqrt(350);
        Close.Equal([-2 / a, -20 / b, 0, -1 / a, 0, 0, 0, -10 / b, 0, 3 / a, 30 / b, 0],
            scaler.Apply(s_train).Read<double>(), 1e-15, "z-score");
    }

    [Fact]
    public void Min_max_gives_0_to_1()
    {
        var scaler = Scaler.MinMax(s_train);
        Close.Equal([0, 0, 0, 0.2, 0.4, 0, 0.4, 0.2, 0, 1, 1, 0], scaler.Apply(s_train).Read<double>(),
            1e-15, "min-max");
        Close.Equal([2, 1.8, 1], scaler.Apply(Tensor.From(new double[,] { { 11, 100, 8 } })).Read<double>(), 1e-15,
            "outside what was seen");
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Invert_is_the_way_back_and_the_number_type_is_kept(DType dtype)
    {
        var x = Tensor.Normal([50, 4], 3, 100, new TorchRandom(1), dtype);
        double tolerance = dtype == DType.Float64 ? Close.Float64 : Close.Float32;
        foreach (var scaler in (Scaler[])[Scaler.ZScore(x), Scaler.MinMax(x),
            Scaler.From(Scaler.ZScore(x).Offset, Scaler.ZScore(x).Scale)])
        {
            var back = scaler.Invert(scaler.Apply(x));
            Assert.Equal(dtype, back.DType);
            Close.Equal(x.To(DType.Float64).Read<double>(), back.To(DType.Float64).Read<double>(), tolerance,
                "there and back");
        }
    }

    [Fact]
    public void A_column_that_never_changes_becomes_0_however_its_mean_is_rounded()
    {
        // The mean of three times 0.1 is not 0.1.
        var x = Tensor.Full([3, 2], 0.1, DType.Float64);
        Assert.NotEqual(0.1, (0.1 + 0.1 + 0.1) / 3);
        foreach (var scaler in (Scaler[])[Scaler.ZScore(x), Scaler.MinMax(x)])
        {
            Assert.All(scaler.Apply(x).ToArray<double>(), one => Assert.Equal(0, one));
            Assert.All(scaler.Invert(scaler.Apply(x)).ToArray<double>(), one => Assert.Equal(0.1, one));
        }
    }

    [Fact]
    public void What_is_applied_leaves_its_input_alone()
    {
        double[] before = s_train.ToArray<double>();
        Scaler.ZScore(s_train).Apply(s_train);
        Assert.Equal(before, s_train.ToArray<double>());
    }

    [Fact]
    public void Another_number_of_columns_is_refused()
    {
        var scaler = Scaler.ZScore(s_train);
        Assert.Equal("scale [4, 2]: the scaler was made from 3 columns: give a matrix [rows, 3]",
            Assert.ThrowsAny<ArgumentException>(() => scaler.Apply(Tensor.Zeros([4, 2]))).Message);
        Assert.Equal("unscale [3]: the scaler was made from 3 columns: give a matrix [rows, 3]",
            Assert.ThrowsAny<ArgumentException>(() => scaler.Invert(Tensor.Zeros([3]))).Message);
    }

    [Fact]
    public void Data_that_cannot_be_measured_are_refused()
    {
        Assert.Equal("z-score of [0, 3]: give a matrix [rows, columns] with at least one row",
            Assert.ThrowsAny<ArgumentException>(() => Scaler.ZScore(Tensor.Zeros([0, 3]))).Message);
        Assert.Equal("min-max of [2, 2]: row 1, column 0 is NaN: give finite numbers",
            Assert.ThrowsAny<ArgumentException>(
                () => Scaler.MinMax(Tensor.From(new float[,] { { 1, 2 }, { float.NaN, 4 } }))).Message);
        Assert.Equal("scaler: offset 1 and scale 0 of column 0: both must be finite, and the scale not 0",
            Assert.ThrowsAny<ArgumentException>(() => Scaler.From([1], [0])).Message);
        Assert.Equal("scaler: 2 offsets and 1 scales: give one of each for a column",
            Assert.ThrowsAny<ArgumentException>(() => Scaler.From([1, 2], [1])).Message);
    }
}
