using ChainRule.Tests;

namespace ChainRule.Cli.Tests;

public sealed class ToolTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_dotnet_adds_to_a_message_is_not_shown()
    {
        Assert.Equal("sizes: give 1", Tool.Sentence(new ArgumentException("sizes: give 1", "sizes")));
        Assert.Equal("sizes: give 1", Tool.Sentence(new ArgumentException("sizes: give 1")));
        Assert.Equal("sizes (Parameter 'x')", Tool.Sentence(new InvalidDataException("sizes (Parameter 'x')")));
    }

    [Theory]
    [InlineData("--help", "chainrule train names")]
    [InlineData("train --help", "chainrule train names")]
    [InlineData("train names --help", "chainrule train names --resume runs/mine")]
    [InlineData("train text --help", "chainrule train text --data book.txt")]
    [InlineData("sample --help", "chainrule sample runs/names-mlp --count 5 --prefix ma --temperature 0.7")]
    [InlineData("info --help", "chainrule info runs/names-mlp")]
    [InlineData("check --help", "chainrule check --model mlp")]
    [InlineData("data --help", "chainrule data list")]
    [InlineData("data list --help", "chainrule data list")]
    [InlineData("data get --help", "chainrule data get names")]
    [InlineData("lessons --help", "chainrule lessons 7")]
    public void Help_ends_with_examples(string asked, string example)
    {
        var ended = Run(asked.Split(' ')).Well();
        Assert.Contains("Examples:", ended.Lines);
        Assert.Contains("  " + example, ended.Lines);
        Assert.Contains("Usage:", ended.Lines);
    }

    [Fact]
    public void Every_example_of_help_is_understood()
    {
        // Where runs cannot be made, nothing is trained: what is understood fails, or is info, and what
        // is not is a usage error.
        _folder.Write("runs", "a file");
        foreach (string command in (string[])["train names", "train text", "sample", "info"])
        {
            string[] lines = Run([.. command.Split(' '), "--help"]).Lines;
            foreach (string example in lines[(Array.IndexOf(lines, "Examples:") + 1)..])
            {
                var ended = Run(example.Trim().Split(' ')[1..]);
                Assert.True(ended.Code == (example == "  chainrule info" ? 0 : 1),
                    $"{example}: exit code {ended.Code}\n{ended.Errors}");
            }
        }
    }

    [Fact]
    public void Without_a_command_it_answers_with_help_and_the_code_of_a_usage_error()
    {
        var ended = Run();
        Assert.Equal((2, ""), (ended.Code, ended.Errors));
        Assert.Contains("Commands:", ended.Lines);
        Assert.Equal(2, Run("train").Code);
    }

    [Theory]
    [InlineData("trian names", "'trian' is no command here: did you mean train? Try ")]
    [InlineData("paint", "'paint' is no command here: choose one of train, sample, ")]
    [InlineData("train nmaes",
        "'nmaes' is no command here: did you mean names? Try 'chainrule train --help'.")]
    [InlineData("train places",
        "'places' is no command here: choose one of names, text, images, autoencoder, sequences, patterns. Try "
        + "'chainrule train --help'.")]
    [InlineData("train names --steps many",
        "--steps many: give a whole number from 0 to 2,147,483,647. Try 'chainrule train names --help'.")]
    [InlineData("train names --steps -1", "--steps -1: give a whole number from 0 to 2,147,483,647. Try ")]
    [InlineData("train names --steps 1.5", "--steps 1.5: give a whole number from 0 to 2,147,483,647. Try ")]
    [InlineData("train names --steps 99999999999",
        "--steps 99999999999: give a whole number from 0 to 2,147,483,647. Try ")]
    [InlineData("train names --steps", "--steps: its value is missing: give --steps N. Try ")]
    [InlineData("train names --steps 5 --steps 6",
        "--steps is given twice: give it once. Try ")]
    [InlineData("train names --seed -3", "--seed -3: give a whole number from 0 to 18,446,744,073,709,551,615. Try ")]
    [InlineData("train names --threads 0", "--threads 0: give a whole number from 1 to 2,147,483,647. Try ")]
    [InlineData("train names --model gpt9",
        "--model gpt9: choose one of bigram, bow, counts, gpt, gru, lstm, mlp, rnn, wavenet")]
    [InlineData("train names --colour red", "Unrecognized command or argument '--colour'. Try ")]
    [InlineData("train names more", "Unrecognized command or argument 'more'. Try ")]
    [InlineData("train names --resume runs/mine --seed 3",
        "--seed does not go with --resume: a run goes on with the settings it was started with. Try ")]
    [InlineData("train names --resume runs/mine --out x", "--out does not go with --resume: ")]
    [InlineData("sample", "DIR is missing: give chainrule sample DIR. Try 'chainrule sample --help'.")]
    [InlineData("sample runs/mine --count -1", "--count -1: give a whole number from 0 to 2,147,483,647. Try ")]
    [InlineData("sample runs/mine --temperature NaN", "--temperature NaN: give a number of 0 or more. Try ")]
    [InlineData("sample runs/mine --temperature -1", "--temperature -1: give a number of 0 or more. Try ")]
    [InlineData("sample runs/mine --temperature 1,5", "--temperature 1,5: give a number of 0 or more: write it with a "
        + "decimal point. Try ")]
    [InlineData("sample runs/mine --top-k 0", "--top-k 0: give a whole number from 1 to 2,147,483,647. Try ")]
    [InlineData("sample runs/mine --length -1", "--length -1: give a whole number from 0 to 2,147,483,647. Try ")]
    [InlineData("sample runs/mine --prefix a --prefix-file b",
        "--prefix does not go with --prefix-file: give one of them. Try ")]
    [InlineData("train text --model gpt9", "--model gpt9: choose one of bigram, bow")]
    [InlineData("train text --resume runs/mine --steps 3", "--steps does not go with --resume: ")]
    [InlineData("info a b", "Unrecognized command or argument 'b'. Try 'chainrule info --help'.")]
    public void What_is_not_understood_is_one_sentence_with_code_2(string asked, string says)
    {
        Assert.StartsWith(says, Run(asked.Split(' ')).Refused(2), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("sample gone", "gone: there is no such folder: give one "
        + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote")]
    [InlineData("info gone", "gone: there is no such folder: give one "
        + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote")]
    [InlineData("info .", ".: this folder holds no run (no run.json): give one "
        + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote")]
    [InlineData("train names --resume gone", "gone: there is no such folder: give one "
        + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote")]
    [InlineData("train names --data gone.txt",
        "names: there is no file gone.txt: give a text file with one name a line")]
    [InlineData("train names --data .", "names: . is a folder: give a text file with one name a line")]
    [InlineData("train text --data gone.txt", "text: there is no file gone.txt: give a UTF-8 text file")]
    [InlineData("train text --resume gone", "gone: there is no such folder: give one "
        + "that 'chainrule train', 'fit', 'map' or 'recommend fit' wrote")]
    [InlineData("sample gone --top-p 2", "sample: top-p 2: give a probability in (0, 1]")]
    [InlineData("sample gone --prefix-file gone.txt",
        "sample: there is no file gone.txt: give a text file by --prefix-file")]
    [InlineData("train names --out",
        "--out: its value is missing: give --out DIR. Try 'chainrule train names --help'.", 2)]
    public void What_fails_is_one_sentence_with_code_1_and_leaves_nothing(string asked, string says, int code = 1)
    {
        Assert.Equal(says, Run(asked.Split(' ')).Refused(code));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_version_is_one_line() => Assert.Matches(@"^\d+\.\d+\.\d+\n$", Run("--version").Well().Output);

    Ended Run(params string[] args) => CommandLine.Run(_folder.Path, args);
}
