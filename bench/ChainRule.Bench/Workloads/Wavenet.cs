using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>makemore part 5: eight characters, joined in pairs three times, with the lecture's batch norm and plain gradient descent.</summary>
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
            layers.AddRange([new FlattenConsecutive(2), new Linear(2 * inputs, Hidden, _rng, bias: false), new LectureNorm(Hidden), new Tanh()]);
        _net = new([.. layers, new Linear(Hidden, Vocabulary, _rng)]);
        (_xs, _ys) = (Ids.Random([Examples, Context], 0, Vocabulary, _rng), Ids.Random([Examples], 0, Vocabulary, _rng));
        Optimizer = new Sgd(_net.Parameters(), rate: 0.1);
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss()
    {
        var picked = Ids.Random([Batch], 0, Examples, _rng);
        return _net.Forward(_xs.Rows(picked.Span)).CrossEntropy(_ys.Rows(picked.Span));
    }

    /// <summary>Batch norm over all axes but the last, written out, with the variance over n − 1 as the lecture has it; BatchNorm divides by n.</summary>
    sealed class LectureNorm(int features) : Module
    {
        public Tensor Weight { get; } = Parameter([features], 1);
        public Tensor Bias { get; } = Parameter([features]);
        public Tensor RunningMean { get; } = Buffer([features]);
        public Tensor RunningVar { get; } = Buffer([features], 1);

        protected override Tensor Compute(Tensor x)
        {
            ReadOnlySpan<int> over = x.Rank == 2 ? [0] : [0, 1];
            Tensor mean = x.Mean(over), var = x.Var(over);
            using (NoGrad.Begin())
            {
                RunningMean.AddInPlace(mean - RunningMean, 0.1);
                RunningVar.AddInPlace(var - RunningVar, 0.1);
            }
            return Weight * ((x - mean) / (var + 1e-5).Sqrt()) + Bias;
        }
    }
}
