namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

public sealed class TrainerChecksTest
{
    static readonly Dataset<Tensor, Tensor> s_data = Dataset.From(Tensor.Ones([4, 2]), Tensor.Ones([4, 1]));

    static Sequential Net() =>
        new(new Linear(2, 3, new TorchRandom(1)), new BatchNorm(3), new Linear(3, 1, new TorchRandom(2)));

    static Trainer<Tensor, Tensor> Make(Module model, IEnumerable<Tensor> parameters,
        Func<Tensor, Tensor, Tensor>? loss = null) =>
        new(model, new Sgd(parameters, 0.1), Batches.Shuffled(s_data, 2, 1),
            loss ?? ((x, y) => model.Forward(x).MseLoss(y)));

    [Fact]
    public void An_optimizer_of_another_model_is_refused()
    {
        Module mine = Net(), other = Net();
        Assert.Equal("train: parameter 0 of Sgd, [3, 2], is none of Sequential, or no longer: make the optimiser from "
            + "the Parameters() of the model that is trained, after the last change to its parts",
                Assert.Throws<InvalidOperationException>(() => Make(mine, other.Parameters()).Fit(1)).Message);
    }

    [Fact]
    public void Parameters_that_nobody_trains_are_named_and_frozen_ones_are_not_missed()
    {
        var model = Net();
        var trainer = Make(model, model[0].Parameters());
        Assert.Equal("train: Sgd does not hold '1.weight' [3], '1.bias' [3], '2.weight' [1, 3], '2.bias' [1] of "
            + "Sequential: give it the model's Parameters(), and Freeze() what is not to be trained",
                Assert.Throws<InvalidOperationException>(() => trainer.Fit(1)).Message);
        model[1].Freeze();
        model[2].Freeze();
        trainer.Fit(1);
        // What is frozen later stays with the optimiser, and still.
        var whole = Net();
        var all = Make(whole, whole.Parameters());
        whole[0].Freeze();
        float[] before = ((Linear)whole[0]).Weight.ToArray<float>();
        all.Fit(2);
        Assert.Equal(before, ((Linear)whole[0]).Weight.ToArray<float>());
    }

    [Fact]
    public void A_trainer_that_trains_is_not_started_again()
    {
        const string Sentence = "train: this trainer is training already: wait for the end of that Fit, or make a "
            + "second trainer with a model of its own";
        var model = Net();
        var trainer = Make(model, model.Parameters());
        string? inside = null, beside = null;
        trainer.Stepped += (step, _) =>
        {
            if (step != 1) return;
            inside = Assert.Throws<InvalidOperationException>(() => trainer.Fit(9)).Message;
            var other = Task.Run(() => Assert.Throws<InvalidOperationException>(() => trainer.Fit(9)).Message);
            beside = other.GetAwaiter().GetResult();
        };
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(2));
        Assert.Equal((Sentence, Sentence, 2), (inside, beside, trainer.Step));
        // An end, also by an exception, makes it free.
        Action<int, double> fails = static (_, _) => throw new InvalidDataException();
        trainer.Stepped += fails;
        Assert.Throws<InvalidDataException>(() => trainer.Fit(3));
        trainer.Stepped -= fails;
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(4));
    }

    [Fact]
    public void A_loss_that_is_no_single_number_is_refused()
    {
        var model = Net();
        var trainer = Make(model, model.Parameters(), (x, y) => model.Forward(x) - y);
        Assert.Equal("train: the loss of step 0 is [2, 1]: give a single number, such as its Mean()",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(1)).Message);
    }

    [Fact]
    public void A_loss_of_tensors_that_are_not_the_models_is_refused()
    {
        var model = Net();
        var zoom = Tensor.Ones([1]).RequireGrad();
        var trainer = Make(model, model.Parameters(), (x, y) => (model.Forward(x) * zoom).MseLoss(y));
        Assert.StartsWith("train: a tensor [1] that requires a gradient goes into 'multiply' and is no parameter of "
            + "Sequential, so it would not be trained or saved",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_of_NaN_is_named_before_anything_moves()
    {
        var one = new Linear(1, 1, new TorchRandom(1));
        one.Weight.FillInPlace(1);
        one.Bias!.Value.FillInPlace(0);
        var data = Dataset.From(Tensor.Ones([1, 1]), Tensor.Ones([1, 1]));
        // Of the branch that is not taken, the derivative is 0 · ∞.
        var distance = new Trainer<Tensor, Tensor>(one, new Sgd(one.Parameters(), 0.1),
            Batches.Shuffled(data, 1, 1), (x, y) =>
        {
            var d = one.Forward(x) - y;
            return Tensor.Where(Tensor.Ones([1, 1]), d, d.Log()).Sum();
        });
        string message = Assert.Throws<DivergedException>(() => distance.Fit(1)).Message;
        Assert.StartsWith("Sgd: the gradient of 'weight', [1, 1], is NaN at place 0", message,
            StringComparison.Ordinal);
        Assert.Equal(1, one.Weight.Item());
        Assert.Equal(0, distance.Step);
    }

    [Fact]
    public void An_evaluation_of_NaN_is_never_the_best()
    {
        using var folder = new TemporaryFolder();
        var model = Net();
        double[] losses = [double.NaN, 3, double.NaN, 2, double.NaN];
        int at = 0;
        var trainer = new Trainer<Tensor, Tensor>(model, new Sgd(model.Parameters(), 0.01),
            Batches.Shuffled(s_data, 2, 1), (x, y) => model.Forward(x).MseLoss(y))
        {
            EvaluateEvery = 1, Validate = () => losses[at++], Checkpoint = new(folder.Path),
        };
        Assert.Equal(TrainingEnd.NotValidated, trainer.Fit(4));
        Assert.Equal([true, false, true, false, true], trainer.History.Points.Select(point => point.IsNaN));
        Assert.Equal((3, 2.0), (trainer.History.Best!.Value.Step, trainer.History.Best.Value.ValidationLoss));
        Assert.All(trainer.History.Points, point => Assert.True(point.Validated));

        var second = Net();
        var resumed = Make(second, second.Parameters());
        new Checkpoint(folder.Path).Resume(resumed);
        Assert.Equal(trainer.History.Points, resumed.History.Points);
        Assert.Equal(trainer.History.Best, resumed.History.Best);
    }

    [Fact]
    public void A_model_of_NaN_never_replaces_what_was_saved()
    {
        using var folder = new TemporaryFolder();
        var model = Net();
        var trainer = new Trainer<Tensor, Tensor>(model, new Sgd(model.Parameters(), 0.01),
            Batches.Shuffled(s_data, 2, 1), (x, y) => model.Forward(x).MseLoss(y))
        {
            EvaluateEvery = 1, Checkpoint = new(folder.Path),
        };
        trainer.Fit(1);
        byte[][] before = [File.ReadAllBytes(trainer.Checkpoint!.ModelPath),
            File.ReadAllBytes(trainer.Checkpoint.LastPath)];
        trainer.Stepped += (_, _) => ((BatchNorm)model[1]).RunningVar!.Value.Write<float>()[2] = float.NaN;
        string message = Assert.Throws<InvalidOperationException>(() => trainer.Fit(3)).Message;
        Assert.StartsWith("save at step 2: '1.running_var' [3] holds NaN at place 2: ", message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => trainer.Checkpoint.SaveLast(trainer));
        Assert.Throws<InvalidOperationException>(() => trainer.Checkpoint.SaveModel(model));
        Assert.Equal(before,
            [File.ReadAllBytes(trainer.Checkpoint.ModelPath), File.ReadAllBytes(trainer.Checkpoint.LastPath)]);
    }

    [Fact]
    public void What_throws_leaves_modes_as_they_were_and_costs_no_evaluation()
    {
        var model = Net();
        model[1].Eval();
        bool fail = true;
        var trainer = new Trainer<Tensor, Tensor>(model, new Sgd(model.Parameters(), 0.01),
            Batches.Shuffled(s_data, 2, 1), (x, y) => model.Forward(x).MseLoss(y))
        {
            EvaluateEvery = 5, Validate = () => fail ? throw new TimeoutException() : 1,
        };
        Assert.Throws<TimeoutException>(() => trainer.Fit(20));
        Assert.True(model.Training && !model[1].Training && model[2].Training);
        fail = false;
        trainer.Stepped += (step, _) =>
        {
            if (step is 10 or 20 && fail) throw new TimeoutException();
            fail = step is 9 or 19;
        };
        Assert.Throws<TimeoutException>(() => trainer.Fit(20));
        Assert.Equal(10, trainer.Step);
        fail = false;
        Assert.Throws<TimeoutException>(() => trainer.Fit(20));
        fail = false;
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(20));
        Assert.Equal([0, 5, 10, 15, 20], trainer.History.Points.Select(point => point.Step));
        Assert.True(model.Training && !model[1].Training && model[2].Training);
    }

    [Fact]
    public void Evaluation_counts_terms_and_not_rows()
    {
        var model = new Embedding(3, 3, new TorchRandom(1));
        var x = Ids.From([0, 1, 2, 0, 1, 1], [3, 2]);
        var y = Ids.From([1, -1, -1, -1, 2, 0], [3, 2]);
        double right = model.Forward(x).CrossEntropy(y).Item(),
            sum = model.Forward(x).CrossEntropy(y, Reduction.Sum).Item();
        double penalty = 0.01 * model.Weight.Square().Sum().Item(),
            mse = model.Forward(x).MseLoss(Tensor.Ones([3, 2, 3])).Item();
        foreach (int size in (int[])[1, 2, 3, 100])
        {
            Close(right, (a, b) => model.Forward(a).CrossEntropy(b));
            Close(right + penalty, (a, b) => model.Forward(a).CrossEntropy(b) + 0.01 * model.Weight.Square().Sum());
            Close(sum, (a, b) => model.Forward(a).CrossEntropy(b, Reduction.Sum));
            Close(mse, (a, _) => model.Forward(a).MseLoss(Tensor.Ones([a.Shape[0], 2, 3])));
            Close(right, (a, b) =>
            {
                double counted = b.Span.ToArray().Count(target => target >= 0);
                return model.Forward(a).CrossEntropy(b, Reduction.None).Sum() / Math.Max(1, counted);
            }, (_, b) => b.Span.ToArray().Count(target => target >= 0));

            void Close(double expected, Func<Ids, Ids, Tensor> loss, Func<Ids, Ids, double>? terms = null)
            {
                var trainer = new Trainer<Ids, Ids>(model, new Sgd(model.Parameters(), 0.1),
                    Batches.Shuffled(Dataset.From(x, y), 2, 1), loss) { LossTerms = terms };
                Assert.Equal(expected, trainer.Evaluate(Dataset.From(x, y), size), 1e-6);
            }
        }
        var none = Dataset.From(x, Ids.From([-1, -1, -1, -1, -1, -1], [3, 2]));
        var all = new Trainer<Ids, Ids>(model, new Sgd(model.Parameters(), 0.1), Batches.Shuffled(none, 2, 1),
            (a, b) => model.Forward(a).CrossEntropy(b));
        Assert.Equal(
            "evaluate: nothing in the data set counts, every target being ignored: there is nothing to average over",
            Assert.ThrowsAny<ArgumentException>(() => all.Evaluate(none, 1)).Message);
    }

    [Fact]
    public void More_steps_than_can_be_counted_are_refused()
    {
        var model = Net();
        Assert.Equal(
            "train: 2,147,483,647 epochs of 2 batches are 4,294,967,294 steps: give at most 2,147,483,647 steps",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Make(model, model.Parameters()).FitEpochs(int.MaxValue))
                .Message);
    }
}
