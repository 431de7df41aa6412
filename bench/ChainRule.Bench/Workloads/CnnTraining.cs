using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>Two convolutions and two linear layers on 64 images of 28 × 28, Adam.</summary>
sealed class CnnTraining : Training
{
    const int Batch = 64, Side = 28, Classes = 10;

    readonly Sequential _net;
    readonly Tensor _x;
    readonly Ids _y;

    public CnnTraining()
    {
        var rng = new TorchRandom(Seed);
        _net = new(
            new Conv2d(1, 32, 3, rng, padding: 1), new Relu(), new MaxPool2d(2),
            new Conv2d(32, 64, 3, rng, padding: 1), new Relu(), new MaxPool2d(2),
            new Flatten(), new Linear(64 * 7 * 7, 128, rng), new Relu(), new Linear(128, Classes, rng));
        (_x, _y) = (Tensor.Randn([Batch, 1, Side, Side], rng), Ids.Random([Batch], 0, Classes, rng));
        Optimizer = new Adam(_net.Parameters());
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _net.Forward(_x).CrossEntropy(_y);
}
