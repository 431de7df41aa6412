using System.Text.Json;
using System.Text.Json.Nodes;
using ChainRule.Zoo.Recipes;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Tests.Commands;

public sealed class TrainOptionsTest : IDisposable
{
    readonly SmallTraining _small = new();

    public void Dispose() => _small.Dispose();

    [Fact]
    public void What_is_turned_is_used_and_kept_and_resumed_to_the_same_bits()
    {
        string[] turned = ["--learning-rate", "0.01", "--batch-size", "8", "--optimizer", "sgd", "--weight-decay",
            "0.001", "--dropout", "0.1",
            "--set", "width=5", "--set", "hidden=7",
            "--set", "momentum=0.5", "--set", "schedule=constant", "--eval-every", "10"];
        string[] lines = _small.Train("run", 40, turned).Lines;
        string[] steps = [.. lines.Where(line => line.StartsWith("step ", StringComparison.Ordinal))];
        Assert.Equal(["0", "10", "20", "30", "40"],
            steps.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.All(steps, line => Assert.EndsWith(" 0.0100", line, StringComparison.Ordinal));
        var training = JsonNode.Parse(File.ReadAllText(_small.PathOf("run/run.json")))!["training"]!;
        Assert.Equal(
            """{"batchSize":8,"learningRate":0.01,"schedule":"constant","optimizer":"sgd","weightDecay":0.001,"""
            + "\"weightDecayOn\":\"matrices\",\"beta2\":null,\"momentum\":0.5,\"clipNorm\":null,\"evalEvery\":10}",
            training.ToJsonString());
        Assert.Contains("Linear(30, 7, ", _small.Run("info", "run").Well().Output, StringComparison.Ordinal);

        // The settings of a run, taken from it, make the same run again.
        File.WriteAllText(_small.PathOf("my config.json"),
            _small.Run("train", "names", "--resume", "run", "--print-config").Well().Output);
        _small.Run("train", "names", "--config", "my config.json", "--out", "again").Well();
        _small.AssertSameBits("run", "again");
    }

    [Theory]
    [InlineData("names")]
    [InlineData("text")]
    public void The_config_that_is_printed_is_taken_back_and_nothing_is_made(string kind)
    {
        foreach (string model in Recipe.Of(TaskKind.Names).Keys)
        {
            string printed = _small.Run("train", kind, "--model", model, "--print-config").Well().Output;
            File.WriteAllText(_small.PathOf("c.json"), printed);
            Assert.Equal(printed, _small.Run("train", kind, "--config", "c.json", "--print-config").Well().Output);
            using var json = JsonDocument.Parse(printed);
            Assert.Equal(model, json.RootElement.GetProperty("model").GetString());
        }
        Assert.Equal(["c.json", "few.txt"],
            Directory.GetFileSystemEntries(_small.Path).Select(Path.GetFileName).Order());
    }

    /// <summary>With commas, with spaces, and repeated.</summary>
    [Theory]
    [InlineData("--classes", "0,1,2")]
    [InlineData("--classes", "0,1", "2")]
    [InlineData("--classes", "0", "1", "2")]
    [InlineData("--classes", "0", "--classes", "1,2")]
    [InlineData("--freeze", "0,1,2")]
    [InlineData("--freeze", "0", "--freeze", "1,2")]
    [InlineData("--freeze", "0", "1", "2")]
    public void A_list_of_names_is_given_in_any_form(params string[] form)
    {
        using var json = JsonDocument.Parse(_small.Run(["train", "images", .. form, "--print-config"]).Well().Output);
        Assert.Equal("0,1,2", json.RootElement.GetProperty(form[0][2..]).GetString());
    }

    [Fact]
    public void Classes_with_commas_between_them_and_layers_given_twice_are_trained()
    {
        string[] lines = _small.Run("train", "images", "--classes", "0,1", "--per-class", "5", "--size", "8", "--steps",
            "2", "--model", "cnn", "--freeze", "features", "--freeze", "head.bias", "--out", "run").Well().Lines;
        Assert.Contains("2 classes", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_another_problem_are_refused()
    {
        string Said(params string[] args) => _small.Run(["train", "sequences", .. args]).Refused(2).Split(". Try")[0];
        Assert.Equal("train sequences: delay 3: adding has none: leave it out, or give --problem copy",
            Said("--problem", "adding", "--delay", "3"));
        Assert.Equal("train sequences: delay 7: parity has none: leave it out, or give --problem copy",
            Said("--problem", "parity", "--delay", "7"));
        Assert.Equal("train sequences: length 7: chirps have 29 steps: leave it out",
            Said("--problem", "chirps", "--length", "7"));
    }

    [Fact]
    public void A_config_through_a_pipe_will_do()
    {
        if (OperatingSystem.IsWindows()) return;
        var json = JsonNode.Parse(CommandLine.Script(_small.Path,
            "chainrule train names --config <(echo '{\"hidden\": 9}') --set width=3 --print-config").Well().Output)!;
        Assert.Equal((9, 3), ((int)json["hidden"]!, (int)json["width"]!));
    }

    [Fact]
    public void The_help_lists_the_models_one_a_line_and_says_what_stands_over_what()
    {
        string[] lines = _small.Run("train", "names", "--help").Well().Lines;
        foreach (var recipe in Recipe.Of(TaskKind.Names).Values)
            Assert.Contains(lines, line => line.Trim() == $"{recipe.Name,-9} {recipe.Summary}");
        Assert.Contains(lines, line => line.Contains(
            "What an option sets stands over the same setting of --config, and that over the recipe of the model",
            StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--lr 0.1",
        "Unrecognized command or argument '--lr': did you mean --learning-rate? Try 'chainrule train names --help'.")]
    [InlineData("--batch 8", "Unrecognized command or argument '--batch': did you mean --batch-size? Try ")]
    [InlineData("--optimiser adam", "Unrecognized command or argument '--optimiser': did you mean --optimizer? Try ")]
    [InlineData("--width=64", "Unrecognized command or argument '--width=64': use --set width=VALUE instead. Try ")]
    [InlineData("--learning-rate 0", "--learning-rate 0: give a number above 0. Try 'chainrule train names --help'.")]
    [InlineData("--learning-rate 1,5",
        "--learning-rate 1,5: give a number above 0: write it with a decimal point. Try ")]
    [InlineData("--batch-size 0", "--batch-size 0: give a whole number from 1 to 1,000,000. Try ")]
    [InlineData("--optimizer adem", "--optimizer adem: give one of adamw, adam, sgd, rmsprop, adagrad. Try ")]
    [InlineData("--weight-decay -1", "--weight-decay -1: give a number of 0 or more, or none. Try ")]
    [InlineData("--dropout 1.5", "--dropout 1.5: give a number in [0, 1). Try ")]
    [InlineData("--dropout 0.5 --model bigram", "--dropout 0.5: model bigram has no setting 'dropout' (bow, gpt, gru, "
        + "lstm, mlp, rnn, wavenet have it): there are data, seed, ")]
    [InlineData("--eval-every 0", "--eval-every 0: give a whole number from 1 to 2,147,483,647, or none. Try ")]
    [InlineData("--set width=0", "--set width=0: give a whole number from 1 to 65,536. Try ")]
    [InlineData("--set width=abc", "--set width=abc: give a whole number from 1 to 65,536. Try ")]
    [InlineData("--set width", "--set width: give NAME=VALUE, such as context=6. Try ")]
    [InlineData("--set =64", "--set =64: give NAME=VALUE, such as context=6. Try ")]
    [InlineData("--set widht=64",
        "--set widht=64: model mlp has no setting 'widht': did you mean width? There are data, seed, steps, ")]
    [InlineData("--set model=gpt", "--set model=gpt: give it by --model. Try ")]
    [InlineData("--set kind=text",
        "--set kind=text: the kind of data is that of the command, 'train names'. Try ")]
    [InlineData("--set dropout=0.1 --dropout 0.2",
        "--set dropout=0.1: --dropout 0.2 sets the same: give one of them. Try ")]
    [InlineData("--set momentum=0.9",
        "train: momentum 0.9: adamw has none: take sgd or rmsprop, or leave it out. Try ")]
    [InlineData("--model gpt --set width=65",
        "gpt: width 65, heads 4: give a width that is a multiple of the heads. Try ")]
    [InlineData("--out x --print-config",
        "--out does not go with --print-config, which makes no folder: leave one of them out. Try ")]
    [InlineData("--resume runs/mine --learning-rate 1",
        "--learning-rate does not go with --resume: a run goes on with the settings it was started with. Try ")]
    [InlineData("--resume runs/mine --set width=1", "--set does not go with --resume: ")]
    [InlineData("--resume runs/mine --config c.json", "--config does not go with --resume: ")]
    [InlineData("--config gone.json",
        "config gone.json: there is no such file: give a file of JSON such as --print-config writes", 1)]
    [InlineData("--config few.txt",
        "config few.txt: this is no JSON (line 1): give a file of JSON such as --print-config writes", 1)]
    public void What_cannot_be_is_one_sentence_before_anything_is_made(string asked, string says, int code = 2)
    {
        Assert.StartsWith(says, _small.Run(["train", "names", .. asked.Split(' ')]).Refused(code),
            StringComparison.Ordinal);
        Assert.Equal([_small.PathOf("few.txt")], Directory.GetFileSystemEntries(_small.Path));
    }

    [Fact]
    public void An_unknown_key_of_a_file_is_answered_by_the_nearest()
    {
        File.WriteAllText(_small.PathOf("my config.json"), "{\"lerningRate\": 0.1}");
        Assert.StartsWith(
            "config my config.json: model mlp has no setting 'lerningRate': did you mean learningRate? There are ",
            _small.Run("train", "names", "--config", "my config.json").Refused(2), StringComparison.Ordinal);
    }
}
