using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Layers;

public sealed class RoundedPredictorTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static Sequential Made() => new(new Linear(2, 64, new TorchRandom(1)), new ChainRule.Layers.Relu(),
        new Linear(64, 64, new TorchRandom(2), bias: false), new ChainRule.Layers.Relu(),
        new Linear(64, 2, new TorchRandom(3)));

    static (Tensor X, Ids Y) Rings(int count, ulong seed)
    {
        var x = Tensor.Randn([count, 2], new TorchRandom(seed));
        return (x, Ids.From([.. x.Square().Sum(1).ToArray<float>().Select(square => square > 1.4f ? 1 : 0)]));
    }

    static double Accuracy(Func<Tensor, Tensor> predict, Tensor x, Ids y) =>
        predict(x).ArgMax(1).Span.ToArray().Zip(y.Span.ToArray(), (a, b) => a == b ? 1.0 : 0).Average();

    // How often a trained classifier is right may fall by this much.
    [Theory]
    [InlineData(WeightFormat.Float16, 0.001)]
    [InlineData(WeightFormat.BFloat16, 0.005)]
    [InlineData(WeightFormat.Int8, 0.01)]
    public void A_trained_classifier_stays_about_as_good(WeightFormat format, double less)
    {
        var model = Made();
        var (x, y) = Rings(500, 4);
        var optimizer = new Adam(model.Parameters(), 0.01);
        for (int step = 0; step < 100; step++)
        {
            model.ZeroGrad();
            model.Forward(x).CrossEntropy(y).Backward();
            optimizer.Step();
        }
        var (newX, newY) = Rings(4000, 5);
        double before = Accuracy(model.Forward, newX, newY);
        var predictor = model.ToPredictor(new() { Weights = format });
        Assert.InRange(before, 0.97, 1);
        Assert.InRange(Accuracy(predictor.Predict, newX, newY), before - less, 1);

        Assert.Equal(["0.weight", "2.weight", "4.weight"], predictor.WeightErrors.Select(error => error.Name));
        double most = format switch { WeightFormat.Float16 => 5e-4, WeightFormat.BFloat16 => 4e-3, _ => 1e-2 };
        Assert.All(predictor.WeightErrors, error => Assert.InRange(error.Relative, most / 100, most));
        var outputs = predictor.OutputErrors(newX);
        Assert.Equal(["0", "1", "2", "3", "4", ""], outputs.Select(error => error.Name));
        Assert.All(outputs, error => Assert.InRange(error.Relative, 1e-6, 3 * most));
    }

    [Fact]
    public void What_is_not_rounded_has_no_errors()
    {
        var predictor = Made().ToPredictor();
        Assert.Empty(predictor.WeightErrors);
        Assert.All(predictor.OutputErrors(Tensor.Ones([3, 2])), error => Assert.Equal((0, 0), (error.Largest,
            error.Relative)));
    }

    [Theory]
    [InlineData(WeightFormat.Float16, "F16", 0.52)]
    [InlineData(WeightFormat.BFloat16, "BF16", 0.52)]
    [InlineData(WeightFormat.Int8, "I8", 0.27)]
    public void A_file_holds_what_the_predictor_reads_in_a_half_or_a_quarter(WeightFormat format, string type,
        double part)
    {
        var model = new Linear(300, 200, new TorchRandom(1));
        string whole = _folder.PathOf("whole.safetensors"), less = _folder.PathOf("less.safetensors");
        Safetensors.Write(whole, model.StateDict());
        Safetensors.Write(less, model.StateDict(), weights: format);
        Assert.InRange(new FileInfo(less).Length, 1, part * new FileInfo(whole).Length);
        foreach (var file in (SafetensorsFile[])[Safetensors.Read(less), Safetensors.Open(less)])
        {
            Assert.Equal((type, "F32"), (file.DTypeOf("weight"), file.DTypeOf("bias")));
            Assert.Equal(format == WeightFormat.Int8, file.Contains("weight.scale"));
            Assert.Equal(["weight", "bias"], file.Tensors().Select(named => named.Key));
            var loaded = new Linear(300, 200, new TorchRandom(2));
            loaded.LoadStateDict(file.Tensors());
            var x = Tensor.Randn([5, 300], new TorchRandom(3));
            if (format == WeightFormat.Int8) continue;
            Assert.Equal(model.ToPredictor(new() { Weights = format }).Predict(x).ToArray<float>(),
                loaded.Forward(x).ToArray<float>());
        }
    }

    [Fact]
    public void Whole_numbers_without_scales_stay_whole_numbers()
    {
        var q = Tensor.From([1f, -2, 3, 4], [2, 2]);
        string path = _folder.PathOf("q.safetensors");
        Safetensors.Write(path, [new("q", q), new("q.scale", Tensor.Ones([3]))], weights: WeightFormat.BFloat16);
        Assert.Equal(["q", "q.scale"], Safetensors.Read(path).Tensors().Select(named => named.Key));
        Assert.Equal(q.ToArray<float>(), Safetensors.Read(path).Tensor("q").ToArray<float>());
    }

    [Fact]
    public void What_a_format_does_not_hold_is_refused()
    {
        var model = new Linear(2, 2, new TorchRandom(1));
        model.Weight.FillInPlace(1e6);
        Assert.Equal("weights as Float16: 'weight' holds 1000000, and the largest is 65500: take BFloat16",
            Assert.ThrowsAny<ArgumentException>(
                () => model.ToPredictor(new() { Weights = WeightFormat.Float16 })).Message);
        Assert.Equal(2e6, model.ToPredictor(new() { Weights = WeightFormat.BFloat16 }).Predict(Tensor.Ones([1, 2]))
            .ToArray<float>()[0], 1e4);
        model.To(DType.Float64);
        Assert.Equal("predictor of Linear(2, 2): weights as Int8 are rounded from float32, and these are float64: call "
            + "To(DType.Float32) first", Assert.ThrowsAny<ArgumentException>(
                () => model.ToPredictor(new() { Weights = WeightFormat.Int8 })).Message);
        Assert.Equal("predictor of Linear(2, 2): 9 is no format of weights: give one of WeightFormat",
            Assert.ThrowsAny<ArgumentException>(() => model.ToPredictor(new() { Weights = (WeightFormat)9 })).Message);
        Assert.Equal("safetensors: 9 is no format of weights: give one of WeightFormat",
            Assert.ThrowsAny<ArgumentException>(() => Safetensors.Write(_folder.PathOf("x"), model.StateDict(),
                weights: (WeightFormat)9)).Message);
    }
}
