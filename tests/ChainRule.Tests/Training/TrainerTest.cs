namespace ChainRule.Tests.Training;

using ChainRule.Data;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Training;

public sealed class TrainerTest
{
    [Fact]
    public void It_learns_what_a_straight_line_cannot()
    {
        var points = SmallTraining.Points();
        var rng = new TorchRandom(3);
        var model = new Sequential(new Linear(3, 16, rng), new Tanh(), new Linear(16, 2, rng));
        var trainer = new Trainer<Tensor, Ids>(model, new Adam(model.Parameters(), learningRate: 0.02),
            Batches.Shuffled(points, 16, seed: 9), (x, y) => model.Forward(x).CrossEntropy(y));
        double before = trainer.Evaluate(points);
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(500));
        Assert.InRange(before, 0.5, 1);
        Assert.InRange(trainer.Evaluate(points), 0, 0.1);
    }

    [Fact]
    public void It_evaluates_before_the_first_step_and_at_every_interval_and_at_the_end()
    {
        var trainer = SmallTraining.Make();
        trainer.Fit(30);
        Assert.Equal([0, 7, 14, 21, 28, 30], trainer.History.Points.Select(p => p.Step));
        Assert.True(double.IsNaN(trainer.History.Points[0].TrainLoss));
        Assert.All(trainer.History.Points.Skip(1), p => Assert.InRange(p.TrainLoss, 0, 2));
        Assert.Equal(trainer.History.Points.Min(p => p.ValidationLoss), trainer.History.Best!.Value.ValidationLoss);
    }

    [Fact]
    public void It_follows_its_schedule_and_reports_its_progress()
    {
        var trainer = SmallTraining.Make();
        List<double> rates = [];
        List<TrainingProgress> reports = [];
        trainer.Stepped += (_, _) => rates.Add(trainer.Optimizer.LearningRate);
        trainer.Fit(20, new Listener(reports.Add));
        Assert.Equal(Enumerable.Range(0, 20).Select(step => trainer.Optimizer.Schedule!.LearningRate(step)), rates);
        Assert.Equal(20, reports[^1].Step);
        Assert.Equal(20, reports[^1].Steps);
        Assert.Equal(TimeSpan.Zero, reports[^1].Remaining);
        Assert.All(reports, report => Assert.True(report.StepsPerSecond > 0));
    }

    [Fact]
    public void A_callback_can_stop_it_and_it_goes_on_where_it_was()
    {
        var trainer = SmallTraining.Make();
        Action<HistoryPoint> stop = point => { if (point.Step == 14) trainer.Stop(); };
        trainer.Evaluated += stop;
        Assert.Equal(TrainingEnd.Stopped, trainer.Fit(60));
        Assert.Equal((14, TrainingEnd.Stopped), (trainer.Step, trainer.End));
        Assert.Equal(TrainingEnd.Completed, trainer.Fit(60));
        var unbroken = SmallTraining.Make();
        unbroken.Fit(60);
        Assert.Equal(SmallTraining.Bits(unbroken.Model), SmallTraining.Bits(trainer.Model));
    }

    [Fact]
    public void A_stop_that_was_asked_for_before_it_began_is_not_lost()
    {
        var trainer = SmallTraining.Make();
        trainer.Stop();
        Assert.Equal((TrainingEnd.Stopped, 0), (trainer.Fit(20), trainer.Step));
        Assert.Equal((TrainingEnd.Completed, 20), (trainer.Fit(20), trainer.Step));
    }

    [Fact]
    public void Epochs_are_as_many_steps_as_there_are_batches_in_them()
    {
        var trainer = SmallTraining.Make();
        trainer.FitEpochs(3);
        Assert.Equal(15, trainer.Step); // 70 rows make five batches of 16
    }

    [Fact]
    public void A_plateau_lowers_the_rate_of_the_optimiser_that_trains()
    {
        var trainer = SmallTraining.Make(plateau: true);
        trainer.Fit(400);
        Assert.True(trainer.Optimizer.LearningRate < 0.02);

        var other = new Trainer<Tensor, Ids>(trainer.Model, new Sgd(trainer.Model.Parameters()), trainer.Batches,
            (x, y) => trainer.Model.Forward(x).CrossEntropy(y))
        {
            Plateau = trainer.Plateau,
        };
        Assert.Equal("train: the plateau lowers the learning rate of another optimiser than the one that trains: make "
            + "it with the trainer's optimiser",
            Assert.Throws<InvalidOperationException>(() => other.Fit(1)).Message);
    }

    [Fact]
    public void A_loss_that_is_no_number_ends_training_with_a_sentence()
    {
        var points = SmallTraining.Points();
        var model = new Linear(3, 2, new TorchRandom(1));
        var trainer = new Trainer<Tensor, Ids>(model, new Sgd(model.Parameters(), learningRate: 1),
            Batches.Shuffled(points, 16, seed: 9), (x, y) => model.Forward(x).Sqrt().CrossEntropy(y));
        string message = Assert.Throws<DivergedException>(() => trainer.Fit(5)).Message;
        Assert.StartsWith("train: the loss of step 0 is NaN: lower the learning rate (1), clip the gradients, or find "
            + "the op with NanWatch", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_puts_the_mode_back_and_leaves_the_running_statistics_alone()
    {
        var trainer = SmallTraining.Make();
        trainer.Fit(3);
        float[] before = SmallTraining.Bits(trainer.Model);
        trainer.Model.Train();
        trainer.Evaluate(SmallTraining.Points(), batchSize: 11);
        Assert.True(trainer.Model.Training);
        Assert.Equal(before, SmallTraining.Bits(trainer.Model));
    }

    [Fact]
    public void The_mean_loss_does_not_depend_on_the_size_of_the_batches()
    {
        var trainer = SmallTraining.Make();
        var points = SmallTraining.Points();
        Assert.Equal(trainer.Evaluate(points, batchSize: 70), trainer.Evaluate(points, batchSize: 16), 1e-6);
    }

    [Fact]
    public void Wrong_settings_are_refused()
    {
        var trainer = SmallTraining.Make();
        Assert.Equal("train: -1 steps: give 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => trainer.Fit(-1)).Message);
        Assert.Equal("train: -2 epochs: give 0 or more",
            Assert.ThrowsAny<ArgumentOutOfRangeException>(() => trainer.FitEpochs(-2)).Message);
        var empty = Dataset.From(Tensor.Zeros([0, 3]), Ids.From([], [0]));
        Assert.Equal("evaluate: the data set has no rows: there is nothing to average over",
            Assert.ThrowsAny<ArgumentException>(() => trainer.Evaluate(empty)).Message);
    }

    sealed class Listener(Action<TrainingProgress> hear) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => hear(value);
    }
}
