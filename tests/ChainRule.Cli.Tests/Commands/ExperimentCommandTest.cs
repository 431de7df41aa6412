namespace ChainRule.Cli.Tests.Commands;

public sealed class ExperimentCommandTest : IDisposable
{
    const string File = """
        {
            "name": "rates", "task": "table", "seeds": 3,
            "base": { "drawn": "moons", "rows": 100, "model": "dense", "steps": 40, "patience": null, "evalEvery": 10 },
            "changes": [ { "learningRate": 0.00001 }, { "hidden": 4 } ]
        }
        """;

    readonly SmallTraining _small = new();

    public ExperimentCommandTest() => System.IO.File.WriteAllText(_small.PathOf("rates.json"), File);

    public void Dispose() => _small.Dispose();

    [Fact]
    public void It_trains_every_run_says_what_differs_and_draws_a_page()
    {
        string[] lines = _small.Run("experiment", "rates.json").Well().Lines;
        Assert.Equal("rates: 3 variants with 3 seeds, compared by validation loss; in runs/experiment-rates", lines[0]);
        Assert.StartsWith("1 of 9: ", lines[1], StringComparison.Ordinal);
        Assert.Equal(9, lines.Count(line => line.Contains(" of 9: ", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("variant ", StringComparison.Ordinal)
            && line.Contains("95 % interval", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("learningRate=0.00001 raises the validation loss from ",
            StringComparison.Ordinal));
        string page = System.IO.File.ReadAllText(_small.PathOf("runs/experiment-rates/report.html"));
        foreach (string part in (string[])["Differences from the base", "Validation loss", "What each variant changes",
            "002-hidden=4/seed-44"])
            Assert.Contains(part, page.Replace("&#x2F;", "/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("steps           40 of 40 at the last evaluation",
            _small.Run("info", "runs/experiment-rates/001-learningRate=0.00001/seed-43").Well().Lines);

        // Run again, it trains nothing and says the same.
        string[] again = _small.Run("experiment", "rates.json").Well().Lines;
        Assert.Equal(lines[^3..], again[^3..]);
        Assert.Equal([lines[0], "All runs are finished already: nothing was trained. In another folder, by --out, they "
            + "begin anew."], again[..2]);
        Assert.DoesNotContain(again, line => line.Contains(" of 9: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Killed_at_any_moment_it_goes_on_where_it_was()
    {
        _small.Run("experiment", "rates.json", "--out", "whole").Well();
        var random = new Random(1);
        for (int kills = 0; kills < 4; kills++)
        {
            using var running = CommandLine.Start(_small.Path, "experiment", "rates.json", "--out", "killed");
            int lines = random.Next(1, 4);
            running.Said += _ =>
            {
                if (--lines == 0) running.Kill();
            };
            running.Wait();
        }
        _small.Run("experiment", "rates.json", "--out", "killed").Well();
        foreach (string run in Directory.GetDirectories(_small.PathOf("whole"), "seed-*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(_small.PathOf("whole"), run);
            _small.AssertSameBits($"whole/{name}", $"killed/{name}");
        }
    }

    [Fact]
    public void A_dry_run_lists_the_runs_and_makes_none()
    {
        string[] lines = _small.Run("experiment", "rates.json", "--dry-run", "--parallel", "1").Well().Lines;
        Assert.StartsWith("  base: 3 runs of 40 steps, about ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" each, in runs/experiment-rates/000-base", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("9 runs, about ", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith(" with 1 at once. Nothing was trained.", lines[^1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(_small.PathOf("runs")));
    }

    [Fact]
    public void Its_folder_has_its_own_name_and_says_which_runs_are_in_it()
    {
        System.IO.File.WriteAllText(_small.PathOf("other.json"), File.Replace("\"rates\"", "\"My rates: 1\"",
            StringComparison.Ordinal).Replace("\"seeds\": 3", "\"seeds\": 1", StringComparison.Ordinal));
        Assert.EndsWith("; in runs/experiment-My_rates__1", _small.Run("experiment", "other.json").Well().Lines[0],
            StringComparison.Ordinal);
        foreach (string[] command in (string[][])[["info"], ["predict", "rates.json"], ["evaluate", "rates.json"]])
            Assert.EndsWith("this folder holds no run (no run.json): there are runs below it: give one of them, such "
                + "as runs/experiment-My_rates__1/000-base/seed-42", _small.Run([command[0],
                    "runs/experiment-My_rates__1", .. command[1..]]).Refused(1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_is_not_measured_is_refused_by_a_dry_run_too_and_its_names_are_words()
    {
        System.IO.File.WriteAllText(_small.PathOf("wrong.json"), File.Replace("\"seeds\": 3",
            "\"seeds\": 2, \"metric\": \"acuracy\"", StringComparison.Ordinal));
        foreach (string[] more in (string[][])[["--dry-run"], []])
        {
            string refused = _small.Run(["experiment", "wrong.json", .. more]).Refused(1);
            Assert.StartsWith("experiment: metric 'acuracy': this is not measured: did you mean 'accuracy'? There are ",
                refused, StringComparison.Ordinal);
            Assert.Contains(", training accuracy", refused, StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(_small.PathOf("runs")));
        System.IO.File.WriteAllText(_small.PathOf("wrong.json"), File);
        Assert.EndsWith("rates.json is a file: choose another --out",
            _small.Run("experiment", "wrong.json", "--out", "rates.json").Refused(1), StringComparison.Ordinal);
        Assert.EndsWith("rates.json is a file: choose another --out",
            _small.Run("fit", "--drawn", "moons", "--out", "rates.json").Refused(1), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_run_is_refused_in_a_sentence_and_nothing_is_made()
    {
        Assert.StartsWith("experiment none.json: there is no such file",
            _small.Run("experiment", "none.json").Refused(1), StringComparison.Ordinal);
        System.IO.File.WriteAllText(_small.PathOf("wrong.json"), File.Replace("hidden", "hiden",
            StringComparison.Ordinal));
        Assert.StartsWith("experiment wrong.json: hiden=4: model dense has no setting 'hiden': did you mean hidden? ",
            _small.Run("experiment", "wrong.json").Refused(1), StringComparison.Ordinal);
        Assert.Equal("--parallel 0: give a whole number from 1 to 2,147,483,647. Try 'chainrule experiment --help'.",
            _small.Run("experiment", "rates.json", "--parallel", "0").Refused(2).Replace("dotnet run -c Release "
                + "--project src/ChainRule.Cli --", "chainrule", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_small.PathOf("runs")));
    }
}
