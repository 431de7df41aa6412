using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

namespace ChainRule.Tests.Layers;

public sealed class RecomputationTest
{
    [Fact]
    public void What_is_computed_again_gives_the_same_bits_through_dropout_and_running_statistics()
    {
        byte[] kept = Trained(recomputes: false), again = Trained(recomputes: true);
        Assert.Equal(kept, again);
    }

    [Fact]
    public void Its_gradients_are_those_of_finite_differences()
    {
        var rng = new TorchRandom(1);
        var part = new Sequential(new Linear(4, 6, rng), new ChainRule.Layers.Tanh(), new Linear(6, 4, rng))
            { Recomputes = true };
        GradientsOf.Layer(part, 3, 4);
    }

    [Fact]
    public void It_keeps_nothing_between_input_and_output()
    {
        var rng = new TorchRandom(1);
        var part = new Sequential(new Linear(4, 6, rng), new ChainRule.Layers.Tanh(), new Linear(6, 4, rng))
            { Recomputes = true };
        var y = part.Forward(Tensor.Randn([3, 4], rng));
        Assert.Equal("recompute", y.Op);
        List<Node> nodes = [];
        BackwardPass.Collect(y.Slot.Producer!, nodes);
        Assert.Single(nodes);
        using (part.InEvaluation()) Assert.NotEqual("recompute", part.Forward(Tensor.Randn([3, 4], rng)).Op);
    }

    [Fact]
    public void Without_gradients_one_block_takes_the_memory_of_another()
    {
        var rng = new TorchRandom(1);
        Sequential[] blocks = [.. Enumerable.Range(0, 8).Select(_ => new Sequential(new Linear(4, 4000, rng),
            new ChainRule.Layers.Tanh(), new Linear(4000, 4, rng)))];
        var model = new Sequential(blocks);
        var x = Tensor.Randn([100, 4], rng);
        var (kept, keptBytes) = Of(recomputes: false);
        var (again, againBytes) = Of(recomputes: true);
        Assert.Equal(kept, again);
        Assert.InRange(againBytes, 1, keptBytes / 4);

        // On a thread of its own, which has no memory to use again yet.
        (float[] Y, long Bytes) Of(bool recomputes)
        {
            foreach (var block in blocks) block.Recomputes = recomputes;
            (float[], long) found = default;
            var thread = new Thread(() =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                using var quiet = NoGrad.Begin();
                using var scope = Scope.Begin();
                found = (model.Forward(x).ToArray<float>(), GC.GetAllocatedBytesForCurrentThread() - before);
            });
            thread.Start();
            thread.Join();
            return found;
        }
    }

    [Fact]
    public void Gradients_of_gradients_are_refused()
    {
        var rng = new TorchRandom(1);
        var part = new Linear(4, 4, rng) { Recomputes = true };
        var x = Tensor.Randn([3, 4], rng).RequireGrad();
        Assert.Equal("gradients: a module that recomputes has no gradients of gradients: set Recomputes to false",
            Assert.Throws<InvalidOperationException>(() => part.Forward(x).Sum().Gradients([x], createGraph: true))
                .Message);
    }

    static byte[] Trained(bool recomputes)
    {
        var rng = new TorchRandom(3);
        var x = Tensor.Randn([96, 8], rng);
        var y = Ids.From([.. Enumerable.Range(0, 96).Select(i => i % 5)]);
        Sequential Block() => new(new Linear(8, 16, rng), new ChainRule.Layers.BatchNorm(16),
            new ChainRule.Layers.Tanh(), new Dropout(0.2, rng), new Linear(16, 8, rng)) { Recomputes = recomputes };
        var model = new Sequential(new Linear(8, 8, rng), Block(), Block(), new Linear(8, 5, rng));
        var data = Dataset.From(x, y);
        var trainer = new Trainer<Tensor, Ids>(model, new AdamW(model.Parameters(), 1e-2), Batches.Shuffled(data, 16,
            seed: 1), model.Forward, (o, t) => o.CrossEntropy(t)) { ClipNorm = 1 };
        trainer.Fit(20);
        using var stream = new MemoryStream();
        ((ITrainer)trainer).SaveLast(stream);
        return stream.ToArray();
    }
}
