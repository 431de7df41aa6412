using ChainRule.Randomness;

namespace ChainRule.Tests.Layers;

using ChainRule.Layers;

/// <summary>
/// A batch of no rows goes through every layer, forward and back, with the shape that a full one would have.
/// </summary>
public sealed class EmptyBatchTest
{
    static readonly TorchRandom s_rng = new(1);

    // Layer, shape of the batch, shape of its result. Batch norm in training needs two rows, and is tested elsewhere.
    static readonly (Module Layer, Shape Input, Shape Output)[] s_cases =
    [
        (new Linear(3, 4, s_rng), [0, 3], [0, 4]), (new Linear(3, 4, s_rng), [2, 0, 3], [2, 0, 4]),
        (new Conv2d(3, 4, 3, s_rng), [0, 3, 8, 8], [0, 4, 6, 6]), (new MaxPool2d(2), [0, 3, 8, 8], [0, 3, 4, 4]),
        (new AveragePool2d(2), [0, 3, 8, 8], [0, 3, 4, 4]),
        (Evaluated(new BatchNorm(3)), [0, 3], [0, 3]), (new LayerNorm(3), [0, 3], [0, 3]),
        (new Lstm(3, 4, s_rng), [0, 5, 3], [0, 5, 4]),
        (new Gru(3, 4, s_rng, new() { Layers = 2, Bidirectional = true }), [0, 5, 3], [0, 5, 8]),
        (new Rnn(3, 4, s_rng), [0, 5, 3], [0, 5, 4]),
        (new SelfAttention(4, 2, s_rng), [0, 5, 4], [0, 5, 4]), (new SelfAttention(4, 2, s_rng), [2, 0, 4], [2, 0, 4]),
        (new Dropout(0.5, s_rng), [0, 4], [0, 4]), (new Flatten(), [0, 2, 3], [0, 6]),
        (new Flatten(), [0, 28, 28, 1], [0, 784]),
        (new FlattenConsecutive(2), [0, 4, 3], [0, 2, 6]), (new FlattenConsecutive(2), [0, 2, 3], [0, 6]),
        (new Residual(new Linear(3, 3, s_rng)), [0, 3], [0, 3]),
        (new Conv1d(3, 4, 3, s_rng, padding: 1, options: new() { PaddingMode = PaddingMode.Circular }),
            [0, 3, 8], [0, 4, 8]),
        (new ConvTranspose1d(3, 4, 3, s_rng, 2), [0, 3, 8], [0, 4, 17]),
        (new ConvTranspose2d(3, 4, 3, s_rng, 2), [0, 3, 8, 8], [0, 4, 17, 17]),
        (new MaxPool1d(2), [0, 3, 8], [0, 3, 4]), (new AveragePool1d(2), [0, 3, 8], [0, 3, 4]),
        (Evaluated(new BatchNorm(3, axis: 1)), [0, 3, 4, 4], [0, 3, 4, 4]),
        (new LayerNorm([3, 4]), [0, 3, 4], [0, 3, 4]),
        (new MultiHeadAttention(4, 2, s_rng), [0, 5, 4], [0, 5, 4]), (new LogSoftmax(), [0, 3], [0, 3]),
        (new Relu(), [0, 3], [0, 3]), (new Gelu(), [0, 3], [0, 3]),
        (new Sequential(new Conv2d(1, 4, 3, s_rng), new Relu(), new MaxPool2d(2), new Flatten(),
            new Linear(4 * 13 * 13, 10, s_rng)), [0, 1, 28, 28], [0, 10]),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, s_cases.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Goes_through(int number)
    {
        var (layer, input, output) = s_cases[number];
        var x = Tensor.Zeros(input).RequireGrad();
        var y = layer.Forward(x);
        Assert.Equal(output, y.Shape);
        y.Sum().Backward();
        Assert.Equal(input, x.Grad.Shape);
        Assert.All(layer.Parameters(), w => Assert.All(w.Grad.ToArray<float>(), slope => Assert.Equal(0, slope)));
    }

    [Fact]
    public void Goes_through_an_embedding() =>
        Assert.Equal([0, 4, 3], new Embedding(5, 3, s_rng).Forward(Ids.From([], [0, 4])).Shape);

    static Module Evaluated(Module layer)
    {
        layer.Eval();
        return layer;
    }
}
