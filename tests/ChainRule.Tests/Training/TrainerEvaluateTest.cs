namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Optim;
using ChainRule.Training;

/// <summary>Validation data and metrics.</summary>
public sealed class TrainerEvaluateTest
{
    [Fact]
    public void The_validation_loss_is_the_mean_over_the_validation_data()
    {
        var trainer = SmallTraining.Make();
        List<double> measured = [];
        trainer.Evaluated += _ => measured.Add(trainer.Evaluate(trainer.Validation!));
        trainer.Fit(14);
        Assert.Equal(measured, trainer.History.Points.Select(point => point.ValidationLoss));
    }

    [Fact]
    public void Another_thread_waits_for_the_end_of_the_training()
    {
        var trainer = SmallTraining.Make();
        List<string> refused = [];
        double after = double.NaN;
        void OnAnother(Action action)
        {
            var thread = new Thread(() => action());
            thread.Start();
            thread.Join();
        }
        trainer.Stepped += (_, _) => OnAnother(() => refused.Add(Assert.Throws<InvalidOperationException>(() =>
            trainer.Evaluate(trainer.Validation!)).Message));
        trainer.Fit(1);
        Assert.Equal("evaluate: this trainer is training on another thread, and the model is in its hands: evaluate "
            + "from Stepped or Evaluated, or after the end of that Fit", Assert.Single(refused));
        OnAnother(() => after = trainer.Evaluate(trainer.Validation!));
        Assert.Equal(trainer.History.Points[^1].ValidationLoss, after);
    }

    [Fact]
    public void Metrics_are_measured_with_it_kept_in_the_history_and_shown_with_the_progress()
    {
        var trainer = SmallTraining.Make();
        List<TrainingProgress> reports = [];
        trainer.Fit(60, new Listener(reports.Add));
        Assert.Equal(10, trainer.History.Points.Count);
        Assert.All(trainer.History.Points, point => Assert.InRange(point.Metrics["accuracy"], 0.2, 1));
        Assert.Equal(trainer.Measure(trainer.Validation!)["accuracy"], trainer.History.Points[^1].Metrics["accuracy"]);
        Assert.Equal(trainer.History.Points[^1].Metrics, reports[^1].Metrics);
        Assert.Matches("^step 60: training loss 0[.][0-9]+, validation loss 0[.][0-9]+, accuracy 0[.][0-9]+$",
            trainer.History.Points[^1].ToString());
        Assert.Matches("^step 0: validation loss", trainer.History.Points[0].ToString());
    }

    [Fact]
    public void A_metric_is_the_mean_over_the_rows_whatever_the_size_of_the_batches()
    {
        var trainer = SmallTraining.Make();
        trainer.Fit(20);
        var validation = (Dataset<Tensor, Ids>)trainer.Validation!;
        double all = validation.Targets.Span.ToArray().Count(target => target == 1) / 70.0;
        foreach (int size in (int[])[1, 16, 69, 70, 1000])
        {
            var other = new Trainer<Tensor, Ids>(trainer.Model, trainer.Optimizer, trainer.Batches,
                (x, y) => trainer.Model.Forward(x).CrossEntropy(y))
            {
                BatchMetrics = { ["ones"] = (_, y) => y.Span.ToArray().Average() },
            };
            Assert.Equal(all, other.Measure(trainer.Validation!, size)["ones"], 1e-12);
        }
    }

    [Fact]
    public void Metrics_survive_a_resume()
    {
        using var folder = new TemporaryFolder();
        var first = SmallTraining.Make(new(folder.Path));
        first.Fit(14);
        var second = SmallTraining.Make(new(folder.Path));
        second.Checkpoint!.Resume(second);
        Assert.Equal(first.History.Points, second.History.Points);
        Assert.Equal(3, second.History.Points.Select(point => point.Metrics["accuracy"]).Count());
    }

    [Fact]
    public void Points_are_equal_where_all_their_numbers_are()
    {
        static HistoryPoint Point(double accuracy) =>
            new(1, 2, 3, 4) { Metrics = new Dictionary<string, double> { ["accuracy"] = accuracy } };
        Assert.Equal(Point(0.5), Point(0.5));
        Assert.Equal(Point(double.NaN).GetHashCode(), Point(double.NaN).GetHashCode());
        Assert.NotEqual(Point(0.5), Point(0.25));
        Assert.NotEqual(Point(0.5), new HistoryPoint(1, 2, 3, 4));
    }

    [Fact]
    public void A_metric_without_data_is_refused()
    {
        var plain = SmallTraining.Make();
        var trainer = new Trainer<Tensor, Ids>(plain.Model, plain.Optimizer, plain.Batches,
            (x, y) => plain.Model.Forward(x).CrossEntropy(y))
        {
            BatchMetrics = { ["accuracy"] = (x, y) => plain.Model.Forward(x).Accuracy(y) },
        };
        Assert.Equal("train: the metric 'accuracy' has nothing to be measured on: give the trainer its Validation data",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(1)).Message);
        plain.Metrics["nothing"] = null!;
        Assert.Equal("train: the metric 'nothing' is null: give a function of output and targets",
            Assert.Throws<InvalidOperationException>(() => plain.Fit(1)).Message);
        var other = SmallTraining.Make();
        other.BatchMetrics["accuracy"] = (_, _) => 1;
        Assert.Equal("train: the metric 'accuracy' is among Metrics and among BatchMetrics: give two names",
            Assert.Throws<InvalidOperationException>(() => other.Fit(1)).Message);
        other.Metrics.Clear();
        other.BatchMetrics["accuracy"] = null!;
        Assert.Equal("train: the metric 'accuracy' is null: give a function of a batch",
            Assert.Throws<InvalidOperationException>(() => other.Fit(1)).Message);
    }

    [Fact]
    public void A_metric_of_the_output_is_refused_where_the_trainer_knows_none()
    {
        var plain = SmallTraining.Make();
        var trainer = new Trainer<Tensor, Ids>(plain.Model, plain.Optimizer, plain.Batches,
            (x, y) => plain.Model.Forward(x).CrossEntropy(y))
        {
            Validation = plain.Validation, Metrics = { ["accuracy"] = (output, y) => output.Accuracy(y) },
        };
        const string Sentence =
            "train: the metric 'accuracy' is measured on the network's output, which this trainer does not know: "
            + "make it with a forward function and a loss of its output, or put the metric, as a function of inputs "
            + "and targets, into BatchMetrics";
        Assert.Equal(Sentence, Assert.Throws<InvalidOperationException>(() => trainer.Fit(1)).Message);
        Assert.Equal(Sentence,
            Assert.Throws<InvalidOperationException>(() => trainer.Measure(plain.Validation!)).Message);
    }

    [Fact]
    public void The_network_is_called_once_for_each_batch_whatever_is_measured()
    {
        var plain = SmallTraining.Make();
        int calls = 0;
        Tensor Forward(Tensor x)
        {
            calls++;
            return plain.Model.Forward(x);
        }
        var trainer = new Trainer<Tensor, Ids>(plain.Model, plain.Optimizer, plain.Batches, Forward,
            (output, y) => output.CrossEntropy(y))
        {
            Validation = plain.Validation, EvaluateEvery = 10,
            Metrics =
            {
                ["accuracy"] = (output, y) => output.Accuracy(y),
                ["largest"] = (output, _) => output.Max().Item(),
                ["loss"] = (output, y) => output.CrossEntropy(y).Item(),
            },
        };
        trainer.Fit(20);
        Assert.Equal(20 + 3, calls); // the steps, and one batch of validation data at steps 0, 10 and 20
        Assert.All(trainer.History.Points, point => Assert.Equal(point.ValidationLoss, point.Metrics["loss"], 1e-6));

        calls = 0;
        double loss = trainer.Evaluate(trainer.Validation!, 16);
        Assert.Equal(5, calls); // 70 rows by 16
        trainer.Measure(trainer.Validation!, 16);
        Assert.Equal(10, calls);
        Assert.Equal(trainer.Evaluate(trainer.Validation!), loss, 1e-6);
    }

    [Fact]
    public void A_validation_loss_of_ones_own_stands_beside_metrics_of_the_output()
    {
        var plain = SmallTraining.Make();
        int calls = 0;
        var trainer = new Trainer<Tensor, Ids>(plain.Model, plain.Optimizer, plain.Batches,
            x => { calls++; return plain.Model.Forward(x); }, (output, y) => output.CrossEntropy(y))
        {
            Validation = plain.Validation, Validate = () => 0.25,
            Metrics = { ["accuracy"] = (output, y) => output.Accuracy(y) },
        };
        trainer.Fit(2);
        Assert.Equal(2 + 2, calls);
        Assert.All(trainer.History.Points, point => Assert.Equal(0.25, point.ValidationLoss));
        Assert.All(trainer.History.Points, point => Assert.InRange(point.Metrics["accuracy"], 0, 1));
    }

    sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
