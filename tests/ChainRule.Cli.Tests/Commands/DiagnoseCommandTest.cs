using System.Text.Json;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>chainrule diagnose, of a run, a config file and a recipe.</summary>
public sealed class DiagnoseCommandTest(SmallTraining small) : IClassFixture<SmallTraining>
{
    static readonly object s_once = new();

    string Run()
    {
        lock (s_once)
            if (!Directory.Exists(small.PathOf("run"))) small.Train("run", 60);
        return "run";
    }

    string File(string name, string text)
    {
        System.IO.File.WriteAllText(small.PathOf(name), text);
        return name;
    }

    [Fact]
    public void Of_a_run_its_files_are_read_and_nothing_is_trained()
    {
        string before = Everything(Run());
        string[] lines = small.Run("diagnose", "run").Well().Lines;
        Assert.Matches("^a recorded training: [0-9]+ evaluations, [0-9]+ measurements of its layers; 14 rules: ",
            lines[0]);
        Assert.DoesNotContain(lines, line => line.Contains("after 100 steps", StringComparison.Ordinal));
        Assert.Equal(before, Everything("run"));
    }

    [Fact]
    public void With_try_it_opens_the_model_and_the_data_and_leaves_the_folder_as_it_was()
    {
        string before = Everything(Run());
        string[] lines = small.Run("diagnose", "run", "--try", "--steps", "8").Well().Lines;
        Assert.Matches("^NgramMlp.* at step 60, trained by AdamW of .*; 48 rules: ", lines[0]);
        Assert.Equal(before, Everything("run"));
        System.IO.File.Copy(small.PathOf("few.txt"), small.PathOf("moved.txt"), overwrite: true);
        Assert.Equal(lines, small.Run("diagnose", "run", "--try", "--steps", "8", "--data", "moved.txt").Well().Lines);
        System.IO.File.WriteAllText(small.PathOf("others.txt"), "anna\nbert\n");
        Assert.StartsWith("diagnose ", small.Run("diagnose", "run", "--try", "--data", "others.txt").Refused(1),
            StringComparison.Ordinal);
    }

    /// <summary>What is wrong with the settings of a file is found, and the cure is tried.</summary>
    [Fact]
    public void Of_a_config_file_the_training_is_begun_with_its_settings()
    {
        string file = File("high.json", """{ "kind": "names", "model": "mlp", "learningRate": 30, """
            + "\"data\": \"few.txt\", \"schedule\": \"constant\" }");
        string text = small.Run("diagnose", file, "--steps", "30").Well().Output;
        Assert.Contains("at step 0, trained by AdamW of ", text, StringComparison.Ordinal);
        Assert.Contains("learning rate too high", text, StringComparison.Ordinal);
        Assert.Contains("after 30 steps", text, StringComparison.Ordinal);
        // What --print-config writes is taken as it is.
        string whole = File("whole.json", small.Run("train", "names", "--data", "few.txt", "--learning-rate", "30",
            "--set", "schedule=constant", "--print-config").Well().Output);
        Assert.Equal(text, small.Run("diagnose", whole, "--steps", "30").Well().Output);
    }

    [Fact]
    public void The_kind_may_be_that_of_the_model_or_of_the_option()
    {
        Assert.Contains("48 rules", small.Run("diagnose", File("model.json", """{ "model": "bigram" }"""), "--data",
            "few.txt", "--steps", "8").Well().Output, StringComparison.Ordinal);
        Assert.Contains("Gpt", small.Run("diagnose", File("steps.json",
            """{ "model": "gpt", "width": 8, "layers": 1, "heads": 2, "context": 8 }"""), "--task", "text", "--data",
            "few.txt", "--steps", "8").Well().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_recipe_it_is_what_the_file_of_its_settings_says()
    {
        string recipe = small.Run("diagnose", "--recipe", "mlp", "--data", "few.txt", "--steps", "20").Well().Output;
        string file = File("recipe.json", """{ "kind": "names", "model": "mlp" }""");
        Assert.Equal(recipe, small.Run("diagnose", file, "--data", "few.txt", "--steps", "20").Well().Output);
    }

    [Fact]
    public void As_JSON_it_is_the_whole_report_and_the_page_is_told_elsewhere()
    {
        string file = File("json.json", """{ "kind": "names", "model": "mlp", "learningRate": 30, """
            + "\"data\": \"few.txt\", \"schedule\": \"constant\" }");
        var ended = small.Run("diagnose", file, "--steps", "30", "--json", "--page", "why.html");
        Assert.Equal(0, ended.Code);
        Assert.StartsWith("The page: ", ended.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ended.Output);
        var report = json.RootElement;
        Assert.Equal(48, report.GetProperty("rules").GetArrayLength());
        Assert.False(report.GetProperty("healthy").GetBoolean());
        var found = report.GetProperty("findings").EnumerateArray()
            .Single(one => one.GetProperty("rule").GetString() == "learning rate too high");
        foreach (string part in (string[])["cause", "evidence", "cure"])
            Assert.NotEqual("", found.GetProperty(part).GetString());
        var tried = found.GetProperty("tried");
        Assert.True(tried.GetProperty("helped").GetBoolean());
        Assert.Equal(30, tried.GetProperty("lossesWith").GetArrayLength());
        Assert.Contains(found.GetProperty("trials").EnumerateArray(),
            one => one.GetProperty("change").GetString() == tried.GetProperty("change").GetString());
        string page = System.IO.File.ReadAllText(small.PathOf("why.html"));
        foreach (string part in (string[])["<title>Diagnosis of json.json</title>", "learning rate too high", "Cause: ",
            "Evidence: ", "Cure: ", "Tried: ", "Two branches: ", "with the cure"])
            Assert.Contains(part, page, StringComparison.Ordinal);
        using var recorded = JsonDocument.Parse(small.Run("diagnose", Run(), "--json").Well().Output);
        Assert.Equal(14, recorded.RootElement.GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public void The_page_of_a_run_is_written_where_it_is_asked_for()
    {
        string[] lines = small.Run("diagnose", Run(), "--page", "run.html").Well().Lines;
        Assert.Equal($"The page: {small.PathOf("run.html")}", lines[^1]);
        Assert.Contains("<title>Diagnosis of run</title>", System.IO.File.ReadAllText(small.PathOf("run.html")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "diagnose: give the folder of a run, a config file, or a recipe by --recipe NAME")]
    [InlineData("run --recipe mlp", "diagnose: run and --recipe are both given: leave one out")]
    [InlineData("run --task names", "--task is of a recipe or a config file: a run knows its own")]
    [InlineData("run --data few.txt", "--data does not go with a run whose files alone are read: give --try")]
    [InlineData("run --steps 50", "--steps are of branches, and none is trained from a run's files alone: give --try")]
    [InlineData("any.json --try", "--try is of a run: of a recipe or a config file cures are tried in any case")]
    [InlineData("--recipe mlpp", "--recipe mlpp: choose one of ")]
    [InlineData("--recipe mlp --steps 7", "--steps 7: give a whole number from 8 to ")]
    public void Options_that_do_not_go_together_are_one_sentence(string arguments, string message)
    {
        Run();
        Assert.StartsWith(message, small.Run(["diagnose", .. arguments.Split(' ',
            StringSplitOptions.RemoveEmptyEntries)]).Refused(Tool.Usage), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.json", "", "config none.json: there is no such file: give a file of JSON such as --print-config")]
    [InlineData("a.json", "{ \"kind\": \"names\", ", "config a.json: this is no JSON (line 1)")]
    [InlineData("b.json", "[]", "config b.json: this is JSON, but no object of settings")]
    [InlineData("c.json", "{ \"learningRate\": 1 }", "config c.json: neither its kind nor its model is said: add ")]
    [InlineData("d.json", "{ \"kind\": \"nmes\" }", "config d.json: kind \"nmes\": give one of names, text")]
    [InlineData("e.json", "{ \"model\": 3 }", "config e.json: model 3: give one of ")]
    [InlineData("f.json", "{ \"kind\": \"names\", \"model\": \"lenet\" }",
        "diagnose: config f.json: lenet is not for names: choose one of images")]
    [InlineData("g.json", "{ \"model\": \"mlp\", \"wdith\": 3 }", "config g.json: model mlp has no setting 'wdith'")]
    [InlineData("h.json", "{ \"model\": \"mlp\", \"batchSize\": 0 }", "config h.json: batchSize 0: give a whole")]
    [InlineData("i.json", "{ \"model\": \"mlp\", \"data\": \"gone.txt\" }", "")]
    public void What_is_no_config_file_is_one_sentence(string file, string text, string message)
    {
        if (text.Length > 0) File(file, text);
        Assert.StartsWith(message, small.Run("diagnose", file).Refused(Tool.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_neither_a_run_nor_a_file_is_refused()
    {
        Assert.NotEqual("", small.Run("diagnose", "nowhere").Refused(Tool.Failed));
        Assert.StartsWith("config run/run.json: this is what a run keeps of itself",
            small.Run("diagnose", $"{Run()}/run.json").Refused(Tool.Failed), StringComparison.Ordinal);
        File("task.json", """{ "kind": "names", "model": "mlp" }""");
        Assert.Equal("config task.json: kind names, and --task text: leave --task out",
            small.Run("diagnose", "task.json", "--task", "text").Refused(Tool.Failed));
        Assert.StartsWith("diagnose: --recipe lenet: lenet is not for names: choose one of images",
            small.Run("diagnose", "--recipe", "lenet", "--task", "names").Refused(Tool.Failed),
            StringComparison.Ordinal);
    }

    string Everything(string run) => string.Join('\n', Directory
        .GetFiles(small.PathOf(run), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => $"{path} {Convert.ToHexString(System.IO.File.ReadAllBytes(path))}"));
}
