using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>
/// makemore part 5: eight characters, joined in pairs three times, with batch norm and plain gradient descent. As in
/// the lecture, a batch is divided by its standard deviation over n − 1; the twin writes that out.
/// </summary>
sealed class Wavenet : Training
{
    const int Examples = 182_625, Vocabulary = 27, Width = 24, Hidden = 128, Batch = 32, Context = 8;

    readonly TorchRandom _rng = new(Seed);
    readonly Sequential _net;
    readonly Ids _xs, _ys;

    public Wavenet()
    {
        List<Module> layers = [new Embedding(Vocabulary, Width, _rng)];
        foreach (int inputs in (int[])[Width, Hidden, Hidden])
            layers.AddRange([new FlattenConsecutive(2), new Linear(2 * inputs, Hidden, _rng, bias: false),
                new BatchNorm(Hidden, options: new() { Unbiased = true }), new Tanh()]);
        _net = new([.. layers, new Linear(Hidden, Vocabulary, _rng)]);
        (_xs, _ys) = (Ids.Random([Examples, Context], 0, Vocabulary, _rng),
            Ids.Random([Examples], 0, Vocabulary, _rng));
        Optimizer = new Sgd(_net.Parameters(), learningRate: 0.1);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var picked = Ids.Random([Batch], 0, Examples, _rng);
        return _net.Forward(_xs.Rows(picked.Span)).CrossEntropy(_ys.Rows(picked.Span));
    }
}
