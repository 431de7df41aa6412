using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;

namespace ChainRule.Bench.Workloads;

/// <summary>A character LSTM: vocabulary 65, embedding 64, hidden 128, 32 sequences of 64 characters, Adam.</summary>
sealed class LstmTraining : Training
{
    const int Vocabulary = 65, Width = 64, Hidden = 128, Batch = 32, Steps = 64;

    readonly Sequential _net;
    readonly Ids _x, _y;

    public LstmTraining()
    {
        var rng = new TorchRandom(Seed);
        _net = new(new Embedding(Vocabulary, Width, rng), new Lstm(Width, Hidden, rng),
            new Linear(Hidden, Vocabulary, rng));
        (_x, _y) = (Ids.Random([Batch, Steps], 0, Vocabulary, rng), Ids.Random([Batch, Steps], 0, Vocabulary, rng));
        Optimizer = new Adam(_net.Parameters());
    }

    protected override Optimizer Optimizer { get; }

    protected override Tensor Loss() => _net.Forward(_x).CrossEntropy(_y);
}
