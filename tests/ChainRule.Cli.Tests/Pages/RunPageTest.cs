using ChainRule.Cli.Tests.Commands;

namespace ChainRule.Cli.Tests.Pages;

public sealed class RunPageTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_draws_losses_metrics_and_the_sizes_of_every_layer()
    {
        _small.Run("fit", "--drawn", "moons", "--rows", "200", "--model", "dense", "--steps", "100",
            "--eval-every", "20", "--out", "run").Well();
        string[] lines = _small.Run("info", "run", "--page").Well().Lines;
        Assert.Equal($"The page: {_small.PathOf("run/training.html")}", lines[^1]);
        string page = File.ReadAllText(_small.PathOf("run/training.html"));
        Assert.Contains("<title>How dense was trained</title>", page, StringComparison.Ordinal);
        // As of the losses, training data come first, and have the first colour.
        Assert.Matches("Line chart of accuracy by step\\. training data: .*validation data: ", page);
        foreach (string part in (string[])["Loss while training", "Accuracy", "training data", "Learning rate",
            "Size of the weights", "Size of the gradients, before clipping", "Update, relative to the parameter",
            "hidden.0.0.weight", "At step 100"])
            Assert.Contains(part, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_kept_no_sizes_says_so()
    {
        _small.Train("run", 4);
        File.Delete(_small.PathOf("run/layers.jsonl"));
        _small.Run("info", "run", "--page").Well();
        Assert.Contains("This run kept no sizes of its parameters",
            File.ReadAllText(_small.PathOf("run/training.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void It_shows_what_the_time_of_workers_went_into()
    {
        _small.Train("run", 4);
        string Worker(double computing, double waiting) =>
            FormattableString.Invariant($$"""{"computing":{{computing}},"waiting":{{waiting}},"sent":1500000}""");
        File.WriteAllLines(_small.PathOf("run/workers.jsonl"),
            [$$"""{"step":2,"workers":[{{Worker(0.01, 0.002)}},{{Worker(0.011, 0.001)}}]}""",
            $$"""{"step":4,"workers":[{{Worker(0.012, 0.008)}},{{Worker(0.02, 0)}}]}"""]);
        _small.Run("info", "run", "--page").Well();
        string page = File.ReadAllText(_small.PathOf("run/training.html"));
        foreach (string part in (string[])["2 workers: a step computes 12.0 to 20.0 ms", "worker 1",
            "What a step takes", "worker 0 computes", "worker 1 waits", "sends, MB a step"])
            Assert.Contains(part, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_of_a_run() => Assert.StartsWith("--page is of a run: give the folder of one.",
        _small.Run("info", "--page").Refused(2), StringComparison.Ordinal);
}
