using System.CommandLine;
using System.Globalization;
using ChainRule.Tokenizers;
using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule tokenize: token files of texts that need not fit into memory.</summary>
static class TokenizeCommand
{
    public static Command Create()
    {
        var texts = new Argument<string[]>("TEXT")
        {
            Description = "Text files, which are one text in this order; - alone is the standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--out") { Description = "The folder to make", HelpName = "DIR",
            Required = true };
        var usual = new TokenTextOptions();
        var tokenizer = new Option<string?>("--tokenizer") { Description = "Write the tokens of this byte-level BPE: "
            + "tokenizer.json, or a file that ends in .tiktoken, or a folder with tokenizer.json, such as a run's, or "
            + "with GPT-2's vocab.json and merges.txt [default: characters]", HelpName = "FILE|DIR" };
        var vocabulary = new Option<int?>("--vocabulary") { Description = "Write the tokens of a tokenizer that is "
            + "first trained on the training part: how many, 256 bytes among them", HelpName = "N" }
            .Between(256, 1_000_000);
        var characters = new Option<string?>("--characters") { Description = "Write ids of the characters of this "
            + "file, in its order, or of those of a run [default: those that occur]", HelpName = "FILE|DIR" };
        var pattern = new Option<string?>("--pattern") { Description = "Where texts are cut, which a .tiktoken does "
            + "not say: gpt2, cl100k, o200k, llama3 or qwen2", HelpName = "NAME" };
        var validation = new Option<double?>("--validation") { Description = "The fraction of the text, its end, that "
            + "is for validation; 0 makes one part [default: 0.1]", HelpName = "FRACTION" }
            .AtLeast(0.0);
        var shard = new Option<int?>("--shard-tokens") { Description = "Tokens of a file at most "
            + "[default: 100,000,000]", HelpName = "N" }.AtLeast(1);
        pattern.Among([.. Enum.GetValues<TokenPattern>().Select(one => Setting.Text(one))]);
        var command = new Command("tokenize", "Make token files of texts that need not fit into memory")
            { texts, output, tokenizer, vocabulary, characters, pattern, validation, shard };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            string folder = parsed.GetRequiredValue(output);
            var made = TokenText.Write(parsed.GetRequiredValue(texts), folder, new(parsed.GetValue(tokenizer),
                parsed.GetValue(vocabulary), parsed.GetValue(characters), parsed.GetValue(pattern) is { } name
                    ? Enum.Parse<TokenPattern>(name, ignoreCase: true) : null, 
                parsed.GetValue(validation) ?? usual.Validation, parsed.GetValue(shard) ?? usual.ShardTokens),
                Progress(), cancel);
            Console.WriteLine($"{Printable.Path(folder)}: {Number(made.Train + made.Validation)} {made.Unit}s of a "
                + $"vocabulary of {Number(made.Vocabulary)}"
                + (made.Validation == 0 ? "" : $": {Number(made.Train)} to train, {Number(made.Validation)} to "
                + "validate"));
            Console.WriteLine($"Train: {Shell.Tool} train text --data {Shell.Path(folder)}");
            return Tool.Done;
        }, CancellationToken.None));
        return command.WithExamples("chainrule tokenize book.txt --out tokens/book",
            "chainrule tokenize a.txt b.txt --tokenizer gpt2 --out tokens/both",
            "chainrule tokenize - --vocabulary 8000 --out tokens/wiki < wiki.txt");
    }

    static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>On a terminal, how far it is; null where nobody looks.</summary>
    static Reporter? Progress() => Console.IsErrorRedirected ? null : new Reporter();

    sealed class Reporter : IProgress<long>
    {
        public void Report(long value) => Console.Error.Write($"\r{Number(value)} characters ");
    }
}
