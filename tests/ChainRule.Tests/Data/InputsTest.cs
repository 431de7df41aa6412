using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Training;

namespace ChainRule.Tests.Data;

public sealed class InputsTest
{
    static readonly Tensor s_x = Tensor.From([0, 1, 2, 3.0], [4, 1]);
    static readonly Ids s_ids = Ids.From(5, 6, 7, 8);

    [Fact]
    public void Rows_of_all_are_picked_together()
    {
        var (x, ids) = Inputs.Of(s_x, s_ids).Rows([2, 0]);
        Assert.Equal([2, 0], x.ToArray<double>());
        Assert.Equal([7, 5], ids.Span.ToArray());
        var (a, b, c) = Inputs.Of(s_ids, s_x, s_ids).Rows([3]);
        Assert.Equal((8, 3, 8), (a[0], b.Item(), c[0]));
    }

    [Fact]
    public void A_trainer_takes_them_as_one_batch()
    {
        var model = new TwoInputs(new(3));
        var y = Tensor.From([1, -1, 2, 0.5], [4, 1]).To(DType.Float32);
        var data = Dataset.From(Inputs.Of(s_x.To(DType.Float32), Ids.From(0, 1, 1, 0)), y);
        var adam = new Adam(model.Parameters(), Schedule.Cosine(0.05, 1e-4, warmup: 10, total: 2000));
        var trainer = new Trainer<Inputs<Tensor, Ids>, Tensor>(model, adam, Batches.Shuffled(data, 2, seed: 1),
            (x, y) => model.Forward(x.First, x.Second).MseLoss(y)) { Validation = data, EvaluateEvery = 200 };
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(2000));
        Assert.InRange(trainer.History.Best!.Value.ValidationLoss, 0, 0.01);
    }

    [Fact]
    public void What_does_not_pair_is_refused()
    {
        Assert.Equal(
            "inputs: the first is [4, 1] and the second is [3]: 4 rows and 3 rows do not pair: give equally many",
            Assert.ThrowsAny<ArgumentException>(() => Inputs.Of(s_x, Ids.From(1, 2, 3))).Message);
        Assert.Equal(
            "inputs: the first is [4] and the third is []: a single number has no rows: give each at least one axis",
            Assert.ThrowsAny<ArgumentException>(() => Inputs.Of(s_ids, s_x, Tensor.From(1.0).Reshape())).Message);
    }

    sealed class TwoInputs(ChainRule.Randomness.TorchRandom rng) : Module
    {
        Linear Line { get; } = new(1, 4, rng);
        Embedding Word { get; } = new(2, 4, rng);
        Linear Out { get; } = new(4, 1, rng);

        public Tensor Forward(Tensor x, Ids word) => Seen(Out.Forward((Line.Forward(x) + Word.Forward(word)).Tanh()));
    }
}
