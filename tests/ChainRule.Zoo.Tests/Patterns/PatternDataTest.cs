using ChainRule.Tests;
using ChainRule.Zoo.Patterns;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Tests.Patterns;

public sealed class PatternDataTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    RunSummary Trained(PatternOptions options, string folder = "run")
    {
        var run = TrainingRun.Start(_folder.PathOf(folder), RunConfig.For(TaskKind.Patterns, "hopfield") with
            { Options = options });
        run.Train();
        return run.Finish();
    }

    [Theory]
    [InlineData(0.10)]
    [InlineData(0.15)]
    [InlineData(0.20)]
    public void Letters_are_recalled_from_damaged_ones(double flipped)
    {
        var summary = Trained(new(Flipped: flipped));
        Assert.InRange(summary.ValLoss, 0, Recipe.Find(TaskKind.Patterns, "hopfield").For(TaskKind.Patterns).Goal);
        Assert.Equal(1 - summary.ValLoss, summary.Metrics["recalled"], 12);
        // Before anything is stored nothing is recalled; each step lowers the energy of what is.
        Assert.Equal((1.0, 4), (summary.InitialLoss, summary.BestStep));
        Assert.InRange(summary.TrainLoss, -1e6, -100);
    }

    /// <summary>Far below 0.14 n all random patterns are recalled; far above it few are, and the best network is one of
    /// earlier.</summary>
    [Fact]
    public void Random_patterns_are_held_up_to_the_capacity_and_no_further()
    {
        Assert.InRange(Trained(new(PatternDrawing.Random, Count: 8), "few").Metrics["recalled"], 0.95, 1);
        var run = TrainingRun.Start(_folder.PathOf("many"), RunConfig.For(TaskKind.Patterns, "hopfield") with
            { Options = new PatternOptions(PatternDrawing.Random, Count: 40) });
        run.Train();
        Assert.InRange(1 - run.Trainer.History.Points[^1].ValidationLoss, 0, 0.05);
        var summary = run.Finish();
        Assert.InRange(summary.BestStep, 5, 25);
        Assert.Contains(run.Data.Report(summary), line => line.Contains("more than it can hold destroy one another",
            StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_is_broken_off_goes_on_to_the_same_bits()
    {
        var config = RunConfig.For(TaskKind.Patterns, "hopfield") with
            { Options = new PatternOptions(PatternDrawing.Random, Count: 9, Side: 6) };
        TrainingRun.Start(_folder.PathOf("whole"), config).Train();
        var run = TrainingRun.Start(_folder.PathOf("broken"), config);
        using var stop = new CancellationTokenSource();
        run.Trainer.Stepped += (step, _) =>
        {
            if (step == 5) stop.Cancel();
        };
        run.Train(cancellationToken: stop.Token);
        var resumed = TrainingRun.Resume(_folder.PathOf("broken"));
        Assert.Equal(5, resumed.Trainer.Step);
        resumed.Train();
        foreach (string file in (string[])["model.safetensors", "last.safetensors"])
            Assert.Equal(File.ReadAllBytes(_folder.PathOf($"whole/{file}")),
                File.ReadAllBytes(_folder.PathOf($"broken/{file}")));
    }

    [Fact]
    public void A_saved_network_recalls_with_falling_energy_and_says_what()
    {
        Trained(new());
        var (network, patterns) = PatternRecall.Load(_folder.PathOf("run"));
        Assert.Equal(["H", "C", "Z", "Y"], patterns.Select(one => one.Name));
        foreach (var pattern in patterns)
        {
            double[] pixels = [.. pattern.Pixels];
            for (int i = 0; i < 8; i++) pixels[i * 7] = -pixels[i * 7];
            var recall = PatternRecall.Of(network, new("asked", pixels), patterns);
            Assert.Equal(pattern.Name, recall.Found);
            Assert.Equal(pattern.Rows, recall.State.Rows);
            Assert.Equal(recall.Energies.OrderDescending(), recall.Energies);
            Assert.True(recall.Energies[^1] < recall.Energies[0]);
        }
        var negative = PatternRecall.Of(network, new("n", [.. patterns[0].Pixels.Select(x => -x)]), patterns);
        Assert.Null(negative.Found);
        Assert.Equal("recall: pattern 'p' has 4 pixels, and the network 64 neurons: give 8 lines of as many signs",
            Assert.ThrowsAny<ArgumentException>(() => PatternRecall.Of(network, new("p", [1, 1, -1, 1]), patterns))
                .Message);
    }

    [Fact]
    public void What_cannot_be_stored_is_refused()
    {
        string Refusal(PatternOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => PatternData.Create(options)).Message;
        Assert.Equal("patterns: count 9: the letters are four of 8 × 8 pixels: leave it out, or give --drawn random",
            Refusal(new(Count: 9)));
        Assert.Contains("flipped", Refusal(new(Flipped: 0.6)), StringComparison.Ordinal);
        var config = RunConfig.For(TaskKind.Patterns, "hopfield");
        Assert.StartsWith("train: steps 9: each pattern is stored in one step", Assert.Throws<ArgumentException>(() =>
            TrainingRun.Start(_folder.PathOf("x"), config with { Steps = 9 })).Message, StringComparison.Ordinal);
        Assert.StartsWith("train: Hebb's rule has no settings", Assert.Throws<ArgumentException>(() =>
            TrainingRun.Start(_folder.PathOf("x"), config with { Training = config.Training with { Momentum = 0.5 } }))
                .Message, StringComparison.Ordinal);
        Assert.Contains("line 2 is '#x'", Assert.Throws<InvalidDataException>(() => Pattern.Parse("a", ["##", "#x"]))
            .Message, StringComparison.Ordinal);
        var task = TrainingTask.Of(TaskKind.Patterns);
        var saved = task.Open(null).Preprocessing.Metadata;
        Assert.Equal(saved, task.ReadPreprocessing(name => saved[name]).Metadata);
    }
}
