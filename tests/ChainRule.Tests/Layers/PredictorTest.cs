using System.Runtime.InteropServices;

namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

public sealed class PredictorTest
{
    static Stack Made(string network)
    {
        var rng = new TorchRandom(1);
        return network switch
        {
            "mlp" => new Stack(new Linear(40, 100, rng), new Relu(), new Dropout(0.5, rng), new Linear(100, 10, rng)),
            "without biases" => new Stack(new Linear(600, 100, rng, bias: false), new Tanh(),
                new Linear(100, 1, rng, bias: false)),
            "norms" => new Stack(new Linear(40, 50, rng), new BatchNorm(50), new LayerNorm(50), new Gelu(),
                new Linear(50, 7, rng)),
            "cnn" => new Stack(new Conv2d(2, 8, 3, rng, padding: 1), new BatchNorm(8, axis: 1), new Relu(),
                new MaxPool2d(2), new Flatten(), new Linear(8 * 9, 5, rng)),
            "wide cnn" => new Stack(new Conv2d(2, 32, 3, rng, padding: 1), new Relu(), new MaxPool2d(2),
                new Conv2d(32, 40, 3, rng, padding: 1, options: new() { Relu = true }), new Conv2d(40, 16, 3, rng,
                padding: 1), new Relu(), new MaxPool2d(2), new Flatten(), new Linear(16, 5, rng)),
            "lstm" => new Stack(new Lstm(6, 20, rng), new Linear(20, 3, rng)),
            "attention" => new Stack(new SelfAttention(24, 3, rng), new Linear(24, 24, rng)),
            "characters" => new Stack(new Embedding(9, 16, rng), new Flatten(), new Linear(48, 9, rng)),
            _ => throw new ArgumentException(network),
        };
    }

    static Shape In(string network, int batch) => network switch
    {
        "mlp" or "norms" => [batch, 40],
        "without biases" => [batch, 600],
        "cnn" or "wide cnn" => [batch, 2, 6, 6],
        "lstm" => [batch, 5, 6],
        _ => [batch, 8, 24],
    };

    [Theory]
    [InlineData("mlp")]
    [InlineData("without biases")]
    [InlineData("norms")]
    [InlineData("cnn")]
    [InlineData("wide cnn")]
    [InlineData("lstm")]
    [InlineData("attention")]
    public void Predictions_have_the_bits_of_a_forward_pass(string network)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var model = Made(network);
            model.To(dtype);
            // Running statistics that are some.
            model.Forward(Tensor.Randn(In(network, 8), new TorchRandom(2), dtype));
            var predictor = model.ToPredictor();
            using var evaluation = model.InEvaluation();
            foreach (int batch in (int[])[1, 1, 3, 8, 1, 60])
            {
                var x = Tensor.Randn(In(network, batch), new TorchRandom((ulong)batch), dtype);
                Tensor expected = model.Forward(x), actual = predictor.Predict(x);
                Assert.Equal(expected.Shape, actual.Shape);
                Assert.Equal(Bytes(expected), Bytes(actual));
                Assert.False(actual.RequiresGrad);
            }
        }
    }

    [Fact]
    public void A_layer_that_takes_the_ReLU_behind_it_along_has_the_same_bits()
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
        {
            var rng = new TorchRandom(1);
            var model = new Sequential(new Linear(40, 100, rng), new Relu(), new Linear(100, 20, rng, bias: false),
                new Relu(), new Linear(20, 9, rng), new Relu());
            model.To(dtype);
            foreach (int batch in (int[])[1, 3, 64])
            {
                var x = batch == 3 ? Tensor.Full([3, 40], double.NaN, dtype)
                    : Tensor.Randn([batch, 40], new TorchRandom(2), dtype);
                byte[] expected = Bytes(model.Forward(x));
                Assert.Equal(expected, Bytes(model.ToPredictor().Predict(x)));
            }
        }
    }

    [Fact]
    public void A_row_gives_what_it_gives_in_a_batch()
    {
        var predictor = Made("norms").ToPredictor();
        var x = Tensor.Randn([60, 40], new TorchRandom(1));
        byte[] whole = Bytes(predictor.Predict(x));
        for (int row = 0; row < 60; row++)
            Assert.Equal(whole[(row * 28)..((row + 1) * 28)], Bytes(predictor.Predict(x.Rows([row]))));
    }

    [Fact]
    public void A_network_without_weights_is_as_at_inference_too()
    {
        var model = new Stack(new Dropout(0.5, new TorchRandom(1)));
        var x = Tensor.Ones([100]);
        Assert.Equal(Bytes(x), Bytes(model.ToPredictor().Predict(x)));
        Assert.True(model.Training);
    }

    [Fact]
    public void Ids_go_in()
    {
        var model = Made("characters");
        var predictor = model.ToPredictor();
        for (int i = 0; i < 3; i++)
        {
            var ids = Ids.Random([4, 3], 0, 9, new TorchRandom((ulong)i));
            Assert.Equal(Bytes(model.Forward(ids)), Bytes(predictor.Predict(ids)));
        }
    }

    [Fact]
    public async Task It_stays_as_it_was_while_its_model_is_trained_on_other_threads_or_loaded_over()
    {
        var model = Made("norms");
        var x = Tensor.Randn([3, 40], new TorchRandom(3));
        model.Forward(x);
        var predictor = model.ToPredictor();
        float[] expected = predictor.Predict(x).ToArray<float>();
        using var stop = new CancellationTokenSource();
        var predicting = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            int count = 0;
            for (; count < 20 || !stop.IsCancellationRequested; count++)
                Assert.Equal(expected, predictor.Predict(x).ToArray<float>());
            return count;
        })).ToArray();
        var optimizer = new Sgd(model.Parameters(), 0.1);
        for (int step = 0; step < 20; step++)
        {
            model.ZeroGrad();
            model.Forward(x).Square().Mean().Backward();
            optimizer.Step();
        }
        await stop.CancelAsync();
        await Task.WhenAll(predicting);
        Assert.True(model.Training);
        Assert.NotEqual(expected, model.Forward(x).ToArray<float>());
        model.LoadStateDict(Made("norms").StateDict());
        Assert.Equal(expected, predictor.Predict(x).ToArray<float>());
    }

    [Fact]
    public void What_it_hands_out_is_nobodys_weight()
    {
        var model = new Lookup();
        var predictor = model.ToPredictor();
        var x = Tensor.Ones([2]);
        for (int i = 0; i < 3; i++)
        {
            var y = predictor.Predict(x);
            Assert.Equal([1, 2, 3, 4], y.ToArray<float>());
            y.FillInPlace(7);
        }
        Assert.False(predictor.Predict(Tensor.Zeros([0])).IsSame(x));
        model.Weight.FillInPlace(5);
        Assert.Equal([1, 2, 3, 4], predictor.Predict(x).ToArray<float>());
    }

    [Fact]
    public void A_reshape_of_a_weight_is_a_copy_too()
    {
        var model = new Turned();
        var predictor = model.ToPredictor();
        float[] expected = predictor.Predict(Tensor.Ones([1, 4])).ToArray<float>();
        model.Weight.FillInPlace(0);
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected, predictor.Predict(Tensor.Ones([1, 4])).ToArray<float>());
    }

    [Fact]
    public void Any_computation_with_the_model_runs_with_its_weights()
    {
        var rng = new TorchRandom(1);
        var model = new MultiHeadAttention(12, 3, rng);
        Tensor x = Tensor.Randn([2, 5, 12], rng), y = model.Forward(x, x, x);
        var predictor = model.ToPredictor();
        foreach (var w in model.Parameters()) w.FillInPlace(0.5);
        for (int i = 0; i < 3; i++)
        {
            var ran = predictor.Run(() => model.Forward(x, x, x));
            Assert.Equal(Bytes(y), Bytes(ran));
            Assert.False(ran.RequiresGrad);
        }
        Assert.NotEqual(Bytes(y), Bytes(model.Forward(x, x, x)));
    }

    [Fact]
    public void Wrong_input_is_refused_as_by_the_model()
    {
        var model = Made("mlp");
        var predictor = model.ToPredictor();
        string Refused(Action act) => Assert.ThrowsAny<ArgumentException>(act).Message;
        foreach (var x in (Tensor[])[Tensor.Ones([2, 3]), Tensor.Ones([2, 40], DType.Float64)])
            Assert.Equal(Refused(() => model.Forward(x)), Refused(() => predictor.Predict(x)));
        Assert.Equal(Refused(() => model.Forward(Ids.From(1))), Refused(() => predictor.Predict(Ids.From(1))));
        Assert.Contains("predict by Stack", Refused(() => predictor.Predict((Ids)null!)), StringComparison.Ordinal);
        Assert.Equal("predictor of Linear(2, 3)", $"{new Linear(2, 3, new TorchRandom(1)).ToPredictor()}");
    }

    static byte[] Bytes(Tensor x) => x.DType == DType.Float32 ? MemoryMarshal.AsBytes(x.Read<float>()).ToArray()
        : MemoryMarshal.AsBytes(x.Read<double>()).ToArray();

    sealed class Lookup : Module
    {
        public Tensor Weight { get; } = Parameter(Tensor.From([1f, 2, 3, 4], [4]));

        protected override Tensor Compute(Tensor x) => x.Count == 0 ? x : Weight;
    }

    sealed class Turned : Module
    {
        public Tensor Weight { get; } = Parameter(Tensor.Randn([12], new TorchRandom(5)));

        protected override Tensor Compute(Tensor x) => x.MatMul(Weight.Reshape([4, 3]));
    }
}
