namespace ChainRule.Tests.Layers;

using ChainRule.Layers;
using ChainRule.Randomness;

public sealed class ActivationsTest
{
    static readonly Dictionary<string, (Module Layer, Func<Tensor, Tensor> Op)> s_pairs = new()
    {
        ["Tanh"] = (new Tanh(), x => x.Tanh()),
        ["Relu"] = (new Relu(), x => x.Relu()),
        ["Step(0.5)"] = (new Step(0.5), x => x.Step(0.5)),
        ["LeakyRelu(0.2)"] = (new LeakyRelu(0.2), x => x.LeakyRelu(0.2)),
        ["LeakyRelu(0.01)"] = (new LeakyRelu(), x => x.LeakyRelu()),
        ["Elu(0.5)"] = (new Elu(0.5), x => x.Elu(0.5)),
        ["Elu(1)"] = (new Elu(), x => x.Elu()),
        ["Gelu"] = (new Gelu(), x => x.Gelu()),
        ["GeluTanh"] = (new GeluTanh(), x => x.GeluTanh()),
        ["Silu"] = (new Silu(), x => x.Silu()),
        ["Softplus"] = (new Softplus(), x => x.Softplus()),
        ["Sigmoid"] = (new Sigmoid(), x => x.Sigmoid()),
        ["Selu"] = (new Selu(), x => x.Selu()),
        ["Celu(0.5)"] = (new Celu(0.5), x => x.Celu(0.5)),
        ["Celu(1)"] = (new Celu(), x => x.Celu()),
        ["Mish"] = (new Mish(), x => x.Mish()),
        ["Softsign"] = (new Softsign(), x => x.Softsign()),
        ["LogSigmoid"] = (new LogSigmoid(), x => x.LogSigmoid()),
        ["Tanhshrink"] = (new Tanhshrink(), x => x.Tanhshrink()),
        ["Hardtanh(-1, 1)"] = (new Hardtanh(), x => x.Hardtanh()),
        ["Hardtanh(-0.25, 2)"] = (new Hardtanh(-0.25, 2), x => x.Hardtanh(-0.25, 2)),
        ["Relu6"] = (new Relu6(), x => x.Relu6()),
        ["Hardsigmoid"] = (new Hardsigmoid(), x => x.Hardsigmoid()),
        ["Hardswish"] = (new Hardswish(), x => x.Hardswish()),
        ["Hardshrink(0.5)"] = (new Hardshrink(), x => x.Hardshrink()),
        ["Softshrink(0.25)"] = (new Softshrink(0.25), x => x.Softshrink(0.25)),
        ["Softmax"] = (new Softmax(), x => x.Softmax()),
        ["Softmax(axis: 0)"] = (new Softmax(0), x => x.Softmax(0)),
        ["LogSoftmax"] = (new LogSoftmax(), x => x.LogSoftmax()),
        ["LogSoftmax(axis: 0)"] = (new LogSoftmax(0), x => x.LogSoftmax(0)),
    };

    public static TheoryData<string> Names => [.. s_pairs.Keys];

    public static TheoryData<string, DType> LogSoftmaxes => GoldenLayers.Cases("log_softmax");

    public static TheoryData<string, DType> Softmaxes => GoldenLayers.Cases("softmax");

    [Theory, MemberData(nameof(LogSoftmaxes))]
    public void Log_softmax_equals_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new LogSoftmax(golden.Int("axis")));

    [Theory, MemberData(nameof(Softmaxes))]
    public void Softmax_equals_the_recording(string name, DType dtype) =>
        GoldenLayers.Replay(name, dtype, golden => new Softmax(golden.Int("axis")));

    [Theory, MemberData(nameof(Names))]
    public void A_layer_computes_its_op(string name)
    {
        var (layer, op) = s_pairs[name];
        var x = Tensor.Randn([3, 5], new TorchRandom(1));
        Assert.Equal(op(x).ToArray<float>(), layer.Forward(x).ToArray<float>());
    }

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_right(string name)
    {
        GradientsOf.Layer(s_pairs[name].Layer, 6);
        GradientsOf.Layer(s_pairs[name].Layer, 2, 3, 4);
    }

    [Theory, MemberData(nameof(Names))]
    public void It_prints_as_it_is_made(string name) =>
        Assert.Contains($"\n{name} ", s_pairs[name].Layer.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Softmax_goes_along_its_axis()
    {
        var x = Tensor.Randn([3, 5], new TorchRandom(1));
        Assert.Equal(x.Softmax(0).ToArray<float>(), new Softmax(0).Forward(x).ToArray<float>());
    }
}
