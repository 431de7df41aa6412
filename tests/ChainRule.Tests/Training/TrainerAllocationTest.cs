namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>Modules that other tests make would have this one's looked at again.</summary>
[Collection(Alone.Name)]
public sealed class TrainerAllocationTest
{
    [Fact]
    public void A_step_allocates_next_to_nothing()
    {
        var rng = new TorchRandom(1);
        var names = Dataset.From(Ids.Random([5000, 6], 0, 27, rng), Ids.Random([5000], 0, 27, rng));
        var model = new Sequential(
            new Embedding(27, 16, rng), new FlattenConsecutive(6), new Linear(96, 64, rng, bias: false),
            new BatchNorm(64), new Tanh(), new Linear(64, 27, rng));
        var schedule = Schedule.Cosine(maxLearningRate: 1e-3, minLearningRate: 1e-4, warmup: 10, total: 1000);
        var trainer = new Trainer<Ids, Ids>(model, new AdamW(model.Parameters(), schedule),
            Batches.Shuffled(names, 32, seed: 2), (x, y) => model.Forward(x).CrossEntropy(y))
        {
            ClipNorm = 1, EvaluateEvery = int.MaxValue,
        };
        trainer.Fit(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Fit(600);
        // The end of a run evaluates once; what a step makes is below a kilobyte.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 500, 0, 1024);
    }
}
