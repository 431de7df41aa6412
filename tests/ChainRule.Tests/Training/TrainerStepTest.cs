namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

/// <summary>Gradients of several batches in one step.</summary>
public sealed class TrainerStepTest
{
    static readonly Dataset<Tensor, Ids> s_points = SmallTraining.Points();

    [Theory]
    [InlineData(10, 1)]
    [InlineData(5, 2)]
    [InlineData(2, 5)]
    public void Several_batches_are_one_step_of_a_batch_as_large_as_all_of_them(int size, int accumulated)
    {
        float[] large = Trained(s_points, 10, 1, 35), small = Trained(s_points, size, accumulated, 35);
        Close.Equal(Array.ConvertAll(large, x => (double)x), Array.ConvertAll(small, x => (double)x), Close.Float32,
            $"{accumulated} batches of {size}");
    }

    // 70 rows in batches of 16 leave one of 6; and every third target is ignored, so that batches differ in
    // what they are a mean over.
    [Fact]
    public void Batches_of_other_sizes_and_ignored_targets_count_by_their_terms()
    {
        var some = Dataset.From(s_points.Inputs,
            Ids.From([.. Enumerable.Range(0, 70).Select(i => i % 3 == 0 || i < 32 ? -1 : s_points.Targets[i])]));
        float[] large = Trained(some, 70, 1, 20, inOrder: true), small = Trained(some, 16, 5, 20, inOrder: true);
        Close.Equal(Array.ConvertAll(large, x => (double)x), Array.ConvertAll(small, x => (double)x), Close.Float32,
            "five batches of 16 and fewer");
    }

    [Fact]
    public void Sums_are_added_up()
    {
        static Tensor Sum(Module model, Tensor x, Ids y) => model.Forward(x).CrossEntropy(y, Reduction.Sum);
        float[] large = Trained(s_points, 10, 1, 20, loss: Sum), small = Trained(s_points, 5, 2, 20, loss: Sum);
        Close.Equal(Array.ConvertAll(large, x => (double)x), Array.ConvertAll(small, x => (double)x),
            Close.Float32, "sums");
    }

    [Fact]
    public void A_step_has_the_mean_loss_of_its_batches()
    {
        List<double> large = [], small = [];
        Trained(s_points, 10, 1, 14, seen: large);
        Trained(s_points, 5, 2, 14, seen: small);
        Close.Equal([.. large], [.. small], Close.Float32, "losses");
    }

    [Fact]
    public void An_epoch_of_several_batches_a_step_has_fewer_steps()
    {
        var trainer = Made(s_points, 10, 2, false, null);
        trainer.FitEpochs(1); // seven batches
        Assert.Equal(4, trainer.Step);
    }

    [Fact]
    public void A_resumed_training_of_several_batches_a_step_is_an_unbroken_one()
    {
        foreach (bool plateau in (bool[])[false, true])
        {
            var unbroken = SmallTraining.Make(plateau: plateau, accumulated: 3);
            unbroken.Fit(40);
            foreach (int stop in (int[])[1, 6, 7, 23])
            {
                using var folder = new TemporaryFolder();
                var first = SmallTraining.Make(new(folder.Path), plateau, accumulated: 3);
                first.Stepped += (step, _) => { if (step == stop) first.Stop(); };
                Assert.Equal(TrainingEnd.Stopped, first.Fit(40));
                var second = SmallTraining.Make(new(folder.Path), plateau, accumulated: 3);
                second.Checkpoint!.Resume(second);
                Assert.Equal(TrainingEnd.Completed, second.Fit(40));
                Assert.Equal(SmallTraining.Bits(unbroken.Model), SmallTraining.Bits(second.Model));
                Assert.Equal(unbroken.History.Points, second.History.Points);
            }
        }
    }

    [Fact]
    public void Batches_without_a_target_and_none_at_all_are_refused()
    {
        var none = Dataset.From(s_points.Inputs, Ids.From([.. Enumerable.Repeat(-1, 70)]));
        Assert.Equal(
            "train: no target of the 2 batches of step 0 counts, all being ignored: there is no gradient to follow",
            Assert.Throws<InvalidOperationException>(() => Trained(none, 5, 2, 1)).Message);
        Assert.Equal("train: the gradients of 0 batches in a step: give 1 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Trained(none, 5, 0, 1)).Message);
    }

    static float[] Trained(Dataset<Tensor, Ids> data, int size, int accumulated, int steps, bool inOrder = false,
        Func<Module, Tensor, Ids, Tensor>? loss = null, List<double>? seen = null)
    {
        var trainer = Made(data, size, accumulated, inOrder, loss);
        trainer.Stepped += (_, value) => seen?.Add(value);
        trainer.Fit(steps);
        return SmallTraining.Bits(trainer.Model);
    }

    static Trainer<Tensor, Ids> Made(Dataset<Tensor, Ids> data, int size, int accumulated, bool inOrder,
        Func<Module, Tensor, Ids, Tensor>? loss)
    {
        var rng = new TorchRandom(3);
        var model = new Sequential(new Linear(3, 8, rng), new Tanh(), new Linear(8, 2, rng));
        return new(model, new Sgd(model.Parameters(), 0.05, new() { Momentum = 0.9 }),
            inOrder ? new InOrder(data, size) : Batches.Shuffled(data, size, seed: 9),
            (x, y) => loss is null ? model.Forward(x).CrossEntropy(y) : loss(model, x, y) * 0.05)
            { GradientAccumulation = accumulated, ClipNorm = 5 };
    }

    sealed class InOrder(Dataset<Tensor, Ids> data, int size) : Batches<Tensor, Ids>
    {
        int _at;

        public override int PerEpoch => (data.Count + size - 1) / size;

        public override int Epoch => _at / PerEpoch;

        public override Batch<Tensor, Ids> Next() => Batches.InOrder(data, size).ElementAt(_at++ % PerEpoch);

        public override byte[] SaveState() => [];

        public override void RestoreState(ReadOnlySpan<byte> state) { }
    }
}
