using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;

namespace ChainRule.Bench.Workloads;

/// <summary>The zoo's CNN on 64 images of 28 × 28, as <c>chainrule train images --model cnn</c> trains it.</summary>
sealed class ImageCnnTraining : Training
{
    const int Batch = 64, Side = 28, Classes = 10;

    readonly Cnn _net;
    readonly Tensor _x;
    readonly Ids _y;

    public ImageCnnTraining()
    {
        var rng = new TorchRandom(Seed);
        _net = new(new(), [1, Side, Side], Classes, rng);
        (_x, _y) = (Tensor.Randn([Batch, 1, Side, Side], rng), Ids.Random([Batch], 0, Classes, rng));
        Optimizer = new AdamW(_net.Parameters(), 0.003, new() { WeightDecay = 0.05, Decays = p => p.Rank >= 2 });
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _net.Forward(_x).CrossEntropy(_y);
}
