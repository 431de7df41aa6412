namespace ChainRule.Cli.Tests.Commands;

public sealed class InfoCommandTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void Of_a_finished_run_it_shows_settings_losses_and_the_model()
    {
        _small.Train("run", 40, "--seed", "7");
        string[] lines = _small.Run("info", "run").Well().Lines;
        Assert.Equal("run             run", lines[0]);
        Assert.Contains("model           mlp "
            + "{\"Context\":6,\"Width\":16,\"Hidden\":200,\"Norm\":true,\"Blank\":false,\"Dropout\":0}", lines);
        Assert.Contains("training        batchSize 128, learningRate 0.004, schedule onecycle, optimizer adamw, "
            + "weightDecay 0.05, weightDecayOn matrices, beta2 0.999, momentum 0, clipNorm none, "
            + "evalEvery 2, patience none, l1 none, freeze none, shards none, recompute none", lines);
        Assert.Contains("seed            7", lines);
        Assert.Contains("steps           40 of 40 at the last evaluation", lines);
        Assert.Contains(lines,
            line => line.StartsWith("losses          ", StringComparison.Ordinal)
                && line.Contains(" test; ", StringComparison.Ordinal));
        Assert.Contains(lines,
            line => line.StartsWith("metrics         perplexity ", StringComparison.Ordinal)
                && line.Contains(", bits per character ", StringComparison.Ordinal)
                && line.EndsWith(" on validation data", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Linear(200, ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("not finished", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_run_that_workers_shared_it_shows_the_last_times_and_who_was_waited_for()
    {
        _small.Train("run", 4);
        File.WriteAllText(_small.PathOf("run/workers.jsonl"), Line(2, 0.01, 0.02) + Line(1400, 0.01, 0.04, 0.01)
            + "{\"step\":1600,\"wor");
        Assert.Contains("trained by      3 workers: a step computes 10.0 to 40.0 ms, waits 3.0 to 3.0 ms, sends 2.00 "
            + "MB each; the others wait for worker 1, which takes 4.0 times as long (the last measured, up to step "
            + "1,400; before: 2 workers up to step 2)",
            _small.Run("info", "run").Well().Lines);

        static string Line(int step, params double[] computing) => FormattableString.Invariant($"{{\"step\":{step},")
            + $"\"workers\":[{string.Join(',', computing.Select(seconds => FormattableString.Invariant(
                $"{{\"computing\":{seconds},\"waiting\":0.003,\"sent\":2e6}}")))}]}}\n";
    }

    [Fact]
    public void Of_a_run_that_was_killed_before_a_model_was_saved_it_shows_what_is_known()
    {
        _small.Train("run", 40);
        foreach (string file in (string[])["model.safetensors", "metrics.jsonl", "summary.json"])
            File.Delete(_small.PathOf("run/" + file));
        string[] lines = _small.Run("info", "run").Well().Lines;
        Assert.Contains("steps           0 of 40 at the last evaluation", lines);
        Assert.Contains("not finished    to go on: chainrule train names --resume run", lines);
        Assert.Equal("no model is saved yet", lines[^1]);
    }

    [Fact]
    public void Of_a_damaged_model_it_shows_what_is_known_and_says_what_is_damaged()
    {
        _small.Train("run", 4);
        File.WriteAllText(_small.PathOf("run/model.safetensors"), "half");
        var ended = _small.Run("info", "run");
        Assert.EndsWith("/run/model.safetensors: this file is damaged, or no run wrote it: put back a copy of it, or "
            + "start a new run", ended.Refused(1), StringComparison.Ordinal);
        Assert.Contains("seed            42", ended.Lines);
    }

    [Fact]
    public void Without_a_run_it_describes_the_machine()
    {
        string[] lines = _small.Run("info").Well().Lines;
        Assert.StartsWith("ChainRule ", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"^SIMD width: \d+ bits", lines[1]);
        Assert.Matches(@"^threads: \d+$", lines[2]);
    }
}
