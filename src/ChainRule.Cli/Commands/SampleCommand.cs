using System.CommandLine;
using System.CommandLine.Parsing;
using ChainRule.Data;
using ChainRule.Randomness;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule sample: generates samples from a trained model: more names, or more text.</summary>
static class SampleCommand
{
    const int Names = 20, Length = 500, LongestPrefix = 1 << 20;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var count = new Option<int>("--count")
            { Description = $"How many samples to generate; default: {Names} names, or 1 text",
                HelpName = "N" }.AtLeast(0);
        var length = new Option<int>("--length")
            { Description = $"Characters of each text; default: {Length}", HelpName = "N" }.AtLeast(0);
        var seed = new Option<ulong>("--seed") { Description = "The seed: the same seed gives the same samples",
            HelpName = "N", DefaultValueFactory = _ => 42 }.AtLeast(0UL);
        var temperature = new Option<double>("--temperature")
        {
            Description = "Softmax temperature: below 1 sharper, above 1 flatter; 0 is greedy decoding: always the "
                + "most probable character",
            HelpName = "T",
            DefaultValueFactory = _ => 1,
        }.AtLeast(0.0);
        var topK = new Option<int>("--top-k")
            { Description = "Sample only from the K most probable characters (top-k)", HelpName = "K" }.AtLeast(1);
        var topP = new Option<double>("--top-p")
        {
            Description = "Nucleus sampling (top-p): sample only from the smallest set of characters whose probability "
                + "is at least P",
            HelpName = "P",
        }.AtLeast(0.0);
        var prefix = new Option<string>("--prefix")
            { Description = "Text that every sample begins with", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var prefixFile = new Option<string?>("--prefix-file")
            { Description = "File with the text that every sample begins with", HelpName = "FILE" };

        var command = new Command("sample", "Generate samples from a trained model")
            { folder, count, length, seed, temperature, topK, topP, prefix, prefixFile };
        command.Validators.Add(r =>
        {
            if (r.GetResult(prefixFile) is not null && r.GetResult(prefix) is { Implicit: false })
                r.AddError("--prefix does not go with --prefix-file: give one of them");
        });
        command.SetAction(parsed =>
        {
            int? Given(Option<int> option) => parsed.GetResult(option) is null ? null : parsed.GetValue(option);
            var how = new Sampling(parsed.GetValue(temperature), Given(topK),
                parsed.GetResult(topP) is null ? null : parsed.GetValue(topP));
            string? read = parsed.GetValue(prefixFile) is { } file ? ReadPrefix(file) : null;
            var saved = SavedLanguageModel.Load(parsed.GetValue(folder)!);
            string begun = read is null ? parsed.GetValue(prefix)! : Begun(read, saved);
            var rng = new TorchRandom(parsed.GetValue(seed));
            if (saved.Kind == TaskKind.Text)
                Write(saved, rng, how, begun, Given(count) ?? 1, Given(length) ?? Length);
            else if (Given(length) is null) WriteNames(saved, rng, how, begun, Given(count) ?? Names);
            else
                throw new ArgumentException("sample: --length is for a text, and this model was trained on names, "
                    + "which end where they end: leave it out");
            return Tool.Done;
        });
        return command.WithExamples("chainrule sample runs/names-mlp",
            "chainrule sample runs/names-mlp --count 5 --prefix ma --temperature 0.7",
            "chainrule sample runs/text-gpt --length 2000 --temperature 0.8 --top-k 200");
    }

    static void WriteNames(SavedLanguageModel saved, TorchRandom rng, Sampling how, string prefix, int count)
    {
        for (int i = 0; i < count; i++) Console.WriteLine(saved.Model.Sample(saved.Vocabulary, rng, how, prefix));
    }

    /// <summary>Each character, or token, is shown as soon as it is sampled.</summary>
    static void Write(SavedLanguageModel saved, TorchRandom rng, Sampling how, string prefix, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            var text = saved.Encoding.Generate(saved.Model, rng, how, prefix);
            if (i > 0) Console.WriteLine("---------------");
            Console.Write(prefix);
            foreach (string piece in Samples.FirstOf(text, length)) Console.Write(piece);
            Console.WriteLine();
        }
    }

    static string ReadPrefix(string file)
    {
        try
        {
            return TextFile.Decode($"prefix '{Printable.Of(file, 80)}'",
                TextFile.Bytes("sample", file, LongestPrefix, "give a shorter one"));
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException(
                $"sample: there is no file {Printable.Path(file)}: give a text file by --prefix-file", file, e);
        }
    }

    /// <summary>
    /// What a file of a prefix begins texts with: line ends as the model knows them, and of a name not the line end
    /// after it, which an editor put there.
    /// </summary>
    static string Begun(string text, SavedLanguageModel saved)
    {
        if (saved.Encoding is not Characters { Vocabulary: var known } || !known.Contains('\r'))
            text = TextFile.WithLineFeeds(text);
        return saved.Kind == TaskKind.Names && text.EndsWith('\n') ? text[..^1] : text;
    }
}
