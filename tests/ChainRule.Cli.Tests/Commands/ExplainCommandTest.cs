using System.Text.Json;

namespace ChainRule.Cli.Tests.Commands;

/// <summary>chainrule explain and chainrule rewind, as a user gives them.</summary>
public sealed class ExplainCommandTest(SmallTraining small) : IClassFixture<SmallTraining>
{
    static readonly object s_once = new();

    string Run()
    {
        lock (s_once)
            if (!Directory.Exists(small.PathOf("run"))) small.Train("run", 60);
        return "run";
    }

    [Fact]
    public void The_sentence_comes_first_then_the_example_and_the_tree()
    {
        string[] lines = small.Run("explain", Run(), "--tensor", "output.weight", "--at", "3,7").Well().Lines;
        Assert.StartsWith("dL/d(output.weight[3, 7]) is ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^Example [0-9]+ is the window '.+', which '.' follows[.]$", lines[1]);
        Assert.Matches("^After step 60; the batch that comes next, [0-9]+ examples; loss [0-9.]+[.]$", lines[2]);
        Assert.StartsWith("dL/d(output.weight[3, 7]) = ", lines[3], StringComparison.Ordinal);
        Assert.True(lines.Length > 6);
    }

    [Fact]
    public void At_a_step_it_is_what_a_run_has_that_was_stopped_there()
    {
        string[] arguments = ["--tensor", "hidden.weight", "--at", "2,-1", "--json"];
        string then = small.Run(["explain", Run(), "--step", "31", .. arguments]).Well().Output;
        small.Run("rewind", "run", "--step", "31", "--out", "there").Well();
        Assert.Equal(then, small.Run(["explain", "there", .. arguments]).Well().Output);
        Assert.NotEqual(then, small.Run(["explain", "run", "--step", "32", .. arguments]).Well().Output);
        Assert.NotEqual(then,
            small.Run(["explain", "run", "--step", "31", "--batch", "1", .. arguments]).Well().Output);
        using var json = JsonDocument.Parse(then);
        Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
    }

    [Fact]
    public void Values_of_output_and_loss_are_explained_and_a_page_is_written()
    {
        string[] lines = small.Run("explain", Run(), "--tensor", "output", "--at", "0,5", "--value", "--page",
            "why.html") is { Code: 0 } ended ? ended.Lines : [];
        Assert.StartsWith("output[0, 5] is ", lines[0], StringComparison.Ordinal);
        string page = File.ReadAllText(small.PathOf("why.html"));
        Assert.Equal("explain: why.html is there already, and is not written over: give another name by --page, or "
            + "remove it first", small.Run("explain", "run", "--tensor", "loss", "--page", "why.html").Refused(1));
        Assert.Contains("After step 60; the batch that comes next, ", page, StringComparison.Ordinal);
        Assert.Contains("run: output</", page, StringComparison.Ordinal);
        Assert.StartsWith("loss is ", small.Run("explain", "run", "--tensor", "loss").Well().Lines[0],
            StringComparison.Ordinal);
        Assert.StartsWith("dL/doutput[0, 5] is ",
            small.Run("explain", "run", "--tensor", "output", "--at", "[0, 5]").Well().Lines[0],
            StringComparison.Ordinal);
        Assert.Contains(@"\begin{aligned}",
            small.Run("explain", "run", "--tensor", "output", "--at", "0,5", "--latex").Well().Output,
            StringComparison.Ordinal);
        Assert.StartsWith("digraph", small.Run("explain", "run", "--tensor", "output", "--at", "0,5", "--dot").Well()
            .Output, StringComparison.Ordinal);
        Assert.StartsWith("--json, --latex and --dot do not go together: give one of them",
            small.Run("explain", "run", "--tensor", "output", "--dot", "--json").Refused(2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tensor outptu.weight --at 3,7",
        "explain: the model has no parameter 'outptu.weight': did you mean output.weight [27, ")]
    [InlineData("--tensor output.weight --at 3",
        "explain: --at 3: output.weight is [27, 200]: give an index for each axis, such as --at 13,100")]
    [InlineData("--tensor output.weight --at 27,0",
        "explain: --at 27,0: output.weight is [27, 200]: axis 0 goes from 0 to 26")]
    [InlineData("--tensor output.weight --at a,b", "explain: --at a,b: output.weight is [27, 200]: give an index")]
    [InlineData("--tensor output.weight", "explain: --at is missing: output.weight is [27, 200]: give an index for")]
    [InlineData("--tensor output.weight --at 3,7 --value",
        "explain: --value of output.weight: a parameter is given, and computed from nothing")]
    [InlineData("--tensor output.weight --at 3,7 --step 61",
        "explain run: step 61: this run stands at step 60: give a step from 0 to 60")]
    public void What_cannot_be_explained_is_one_sentence(string arguments, string message) => Assert.StartsWith(message,
        small.Run(["explain", Run(), .. arguments.Split(' ')]).Refused(Tool.Failed), StringComparison.Ordinal);

    [Fact]
    public void A_branch_trains_on_with_other_settings()
    {
        string[] lines = small.Run("rewind", Run(), "--step", "31", "--learning-rate", "0.001", "--set",
            "schedule=constant").Well().Lines;
        Assert.Equal("run-step-31 begins where run stood after step 31, and goes to step 60.", lines[0]);
        Assert.EndsWith("train names --resume run-step-31", lines[1], StringComparison.Ordinal);
        Assert.Equal("No step is left to train: give more by --steps, or an earlier step.",
            small.Run("rewind", "run", "--step", "60", "--out", "ended").Well().Lines[1]);
        string trained = small.Run("train", "names", "--resume", "run-step-31").Well().Output;
        Assert.Contains("resumed at step 31", trained, StringComparison.Ordinal);
        string info = small.Run("info", "run-step-31").Well().Output;
        Assert.Contains("learningRate 0.001, schedule constant", info, StringComparison.Ordinal);
        Assert.Matches("branched +from .*run at step 31", info);
        Assert.StartsWith("rewind: --set seed=3: seed is what the first 31 steps were made with",
            small.Run("rewind", "run", "--step", "31", "--set", "seed=3", "--out", "no").Refused(Tool.Failed),
            StringComparison.Ordinal);
        Assert.StartsWith("rewind run: step 99: this run stands at step 60",
            small.Run("rewind", "run", "--step", "99", "--out", "no").Refused(Tool.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_optimizer_is_said_with_what_begins_anew()
    {
        string[] lines = small.Run("rewind", Run(), "--step", "31", "--optimizer", "sgd", "--out", "sgd").Well().Lines;
        Assert.Equal("It is trained by sgd from there, in place of adamw, whose state is not taken along: what the "
            + "optimizer remembers of gradients begins anew. The learning rate is still 0.004, which was that of "
            + "adamw: give --learning-rate for another.", lines[1]);
        small.Run("train", "names", "--resume", "sgd").Well();
        lines = small.Run("rewind", Run(), "--step", "31", "--optimizer", "sgd", "--learning-rate", "0.1", "--out",
            "sgd2").Well().Lines;
        Assert.EndsWith("begins anew.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("rewind: beta2 0.9: sgd has none",
            small.Run("rewind", "run", "--step", "31", "--optimizer", "sgd", "--set", "beta2=0.9", "--out", "no")
                .Refused(Tool.Failed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("places", "towers", "query.0.weight", "0,0", "^Example [0-9]+ is the visit of .+ to .+[.]$")]
    [InlineData("map", "kohonen", "weight", "0,0", "^The only example of the batch is row [0-9,]+ of the table[.]$")]
    [InlineData("patterns", "hopfield", "sums", "0,1", "^The only example of the batch is the pattern [HCZY][.]$")]
    public void Examples_have_names_where_the_task_knows_them(string task, string model, string tensor, string at,
        string line)
    {
        var config = ChainRule.Zoo.Runs.RunConfig.For(Enum.Parse<ChainRule.Zoo.Tasks.TaskKind>(task, true), model);
        var run = ChainRule.Zoo.Runs.TrainingRun.Start(small.PathOf($"named-{task}"),
            config.Sizes is ChainRule.Zoo.Models.KohonenMapOptions map
                ? config with { Sizes = map with { Online = true, Epochs = 1 } }
                : task == "places" ? config with { Steps = 3 } : config);
        run.Train();
        Assert.Matches(line, small.Run("explain", $"named-{task}", "--tensor", tensor, "--at", at).Well().Lines[1]);
    }

    [Theory]
    [InlineData("64MB", 64_000_000L)]
    [InlineData("1.5 gb", 1_500_000_000L)]
    [InlineData("16", 16_000_000L)]
    [InlineData("900B", 900L)]
    [InlineData("512MiB", 536_870_912L)]
    [InlineData("8Gi", 8_589_934_592L)]
    [InlineData("0", 0L)]
    [InlineData("-1", null)]
    [InlineData("many", null)]
    [InlineData("", null)]
    public void Sizes_have_units(string text, long? bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Fact]
    public void History_is_of_a_new_run()
    {
        small.Train("none", 5, "--history", "0");
        Assert.False(Directory.Exists(small.PathOf("none/history")));
        Assert.StartsWith("--history all: give a size such as 64MB, 1GB or 0",
            small.Run(small.Command("bad", 5, "--history", "all")).Refused(Tool.Usage), StringComparison.Ordinal);
        Assert.StartsWith("--history does not go with --resume",
            small.Run("train", "names", "--resume", "none", "--history", "1MB").Refused(Tool.Usage),
            StringComparison.Ordinal);
    }
}
