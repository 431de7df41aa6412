using System.Text.Json;
using ChainRule.Layers;
using ChainRule.Optim;
using ChainRule.Randomness;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Recipes;

public sealed class TrainingSettingsTest
{
    static readonly TrainingSettings s_settings = new(32, 0.1);

    [Theory]
    [InlineData(OptimizerKind.AdamW, typeof(AdamW))]
    [InlineData(OptimizerKind.Adam, typeof(Adam))]
    [InlineData(OptimizerKind.Sgd, typeof(Sgd))]
    [InlineData(OptimizerKind.RmsProp, typeof(RmsProp))]
    [InlineData(OptimizerKind.AdaGrad, typeof(AdaGrad))]
    public void Every_optimiser_lowers_a_loss_with_the_settings_it_has(OptimizerKind kind, Type type)
    {
        var model = new Linear(3, 2, new TorchRandom(1));
        var settings = s_settings.For(kind) with { LearningRate = 0.01 };
        settings.Check("train");
        var optimizer = settings.CreateOptimizer(model);
        Assert.IsType(type, optimizer);
        var x = Tensor.Ones([4, 3]);
        double Loss() => (model.Forward(x) - 5).Square().Mean().Item();
        double before = Loss();
        for (int i = 0; i < 5; i++)
        {
            optimizer.ZeroGrad();
            (model.Forward(x) - 5).Square().Mean().Backward();
            optimizer.Step();
        }
        Assert.True(Loss() < before);
    }

    /// <summary>Along a gradient of 0, decay alone moves: w ← w − η λ w for matrices, and biases stay.</summary>
    [Theory]
    [InlineData(DecayedParameters.Matrices, 1.0)]
    [InlineData(DecayedParameters.All, 0.99)]
    public void Weight_decay_is_for_matrices_or_for_all(DecayedParameters on, double bias)
    {
        var model = new Linear(1, 1, new TorchRandom(1));
        Init.Ones(model.Weight);
        Init.Ones(model.Bias!.Value);
        (model.Forward(Tensor.Ones([1, 1])) * 0).Sum().Backward();
        (s_settings.For(OptimizerKind.Sgd) with { WeightDecay = 0.1, WeightDecayOn = on }).CreateOptimizer(model)
            .Step();
        Assert.Equal((0.99, bias), (Math.Round(model.Weight.Item(), 6), Math.Round(model.Bias!.Value.Item(), 6)));
    }

    [Theory]
    [InlineData(ScheduleKind.Constant, 1, 1, 1)]
    [InlineData(ScheduleKind.Linear, 1, 0.5, 0.001)]
    [InlineData(ScheduleKind.Cosine, 0.01961, 0.6, 0.1)]
    [InlineData(ScheduleKind.OneCycle, 0.04, 0.587, 0)]
    public void A_schedule_begins_goes_on_and_ends_as_it_says(ScheduleKind kind, double first,
        double middle, double last)
    {
        var schedule = (s_settings with { LearningRate = 1, Schedule = kind }).CreateSchedule(1000);
        Assert.Equal(first, schedule.LearningRate(0), 0.001);
        Assert.Equal(middle, schedule.LearningRate(500), 0.04);
        Assert.Equal(last, schedule.LearningRate(999), 0.001);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    [InlineData(2_000, 100)]
    [InlineData(1_000_000, 1_000)]
    public void A_run_is_evaluated_twenty_times_unless_it_is_said_how_often(int steps, int every)
    {
        Assert.Equal(every, s_settings.Complete(steps).EvalEvery);
        Assert.Equal(7, (s_settings with { EvalEvery = 7 }).Complete(steps).EvalEvery);
    }

    [Fact]
    public void Another_optimiser_forgets_what_it_does_not_have()
    {
        Assert.Equal((null, 0), Of(s_settings.For(OptimizerKind.Sgd)));
        Assert.Equal((0.99, 0), Of(s_settings.For(OptimizerKind.Adam)));
        Assert.Equal((null, 0.9),
            Of((s_settings.For(OptimizerKind.Sgd) with { Momentum = 0.9 }).For(OptimizerKind.RmsProp)));
        Assert.Equal((0.999, 0),
            Of((s_settings.For(OptimizerKind.Sgd) with { Momentum = 0.9 }).For(OptimizerKind.AdamW).Complete(10)));
        static (double?, double) Of(TrainingSettings settings) => (settings.Beta2, settings.Momentum);
    }

    [Fact]
    public void What_cannot_be_is_one_sentence()
    {
        Refused(s_settings with { BatchSize = 0 }, "train: batchSize 0: give a whole number from 1 to 1,000,000");
        Refused(s_settings with { LearningRate = 0 }, "train: learningRate 0: give a number above 0");
        Refused(s_settings with { LearningRate = double.NaN }, "train: learningRate NaN: give a number above 0");
        Refused(s_settings with { WeightDecay = -1 }, "train: weightDecay -1: give a number of 0 or more, or none");
        Refused(s_settings with { ClipNorm = 0 }, "train: clipNorm 0: give a number above 0, or none");
        Refused(s_settings with { Momentum = 0.9 },
            "train: momentum 0.9: adamw has none: take sgd or rmsprop, or leave it out");
        Refused(s_settings with { Optimizer = OptimizerKind.AdaGrad },
            "train: beta2 0.99: adagrad has none: take adamw or adam, or leave it out");
        static void Refused(TrainingSettings settings, string says) =>
            Assert.Equal(says, Assert.ThrowsAny<ArgumentException>(() => settings.Check("train")).Message);
    }

    [Fact]
    public void It_comes_back_from_JSON_in_the_words_of_the_command_line()
    {
        var settings = new TrainingSettings(8, 1e-5, ScheduleKind.OneCycle, OptimizerKind.RmsProp, 0,
            DecayedParameters.All, null, 0.5, null, 3);
        string json = JsonSerializer.Serialize(settings, RunFile.Json);
        Assert.Contains("\"rmsprop\"", json, StringComparison.Ordinal);
        Assert.Contains("\"onecycle\"", json, StringComparison.Ordinal);
        Assert.Equal(settings, JsonSerializer.Deserialize<TrainingSettings>(json, RunFile.Json));
    }
}
