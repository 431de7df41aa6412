using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace House.Tests;

/// <summary>
/// Every block of code compiles: those of the documentation comments in src, and those of the pages. In a comment,
/// <c>code lang="math"</c> is a formula; on a page, a bare block is what a program prints.
/// </summary>
public sealed partial class CodeBlockTest
{
    const string Math = "math";

    // Languages of pages that no C# compiler reads. The shell's commands are looked at by ReadmeTest.
    static readonly string[] s_notCompiled = ["", "sh", "xml"];

    // What the comments take for granted: the model, the data and the optimiser of whoever reads them.
    const string Given = """
        global using static Given;
        global using ChainRule; global using ChainRule.Data; global using ChainRule.Derivations;
        global using ChainRule.Diagnosing; global using ChainRule.Diagnostics; global using ChainRule.Events;
        global using ChainRule.Explaining; global using ChainRule.Tokenizers;
        global using ChainRule.Formats; global using ChainRule.Kernels; global using ChainRule.Layers;
        global using ChainRule.Logging; global using ChainRule.Tables;
        global using ChainRule.Optim; global using ChainRule.Pictures; global using ChainRule.Randomness;
        global using ChainRule.Serving; global using ChainRule.Tracing; global using ChainRule.Training;
        global using Microsoft.AspNetCore.Builder; global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Data.Analysis; global using Microsoft.Extensions.Logging;
        global using OpenTelemetry; global using OpenTelemetry.Metrics; global using OpenTelemetry.Trace;
        global using BatchingGenerator = ChainRule.Zoo.Models.BatchingGenerator;

        static class Given
        {
            public static TorchRandom rng = null!;
            public static Module model = null!, trunk = null!;
            public static ChainRule.Zoo.Models.Gpt gpt = null!;
            public static OnnxNetwork network = null!;
            public static Optimizer optimizer = null!;
            public static Tensor x, loss, a, b, q, k, pixels;
            public static Ids y = null!, targets = null!, words = null!, labels = null!;
            public static Split<Dataset<Tensor, Ids>> data;
            public static Trainer<Tensor, Ids> trainer = null!;
            public static WebApplicationBuilder builder = null!;
            public static WebApplication app = null!;
            public static double validationLoss;
            public static ILoggerFactory loggers = null!;
            public static double[] losses = null!;
            public static BpeTokenizer tokenizer = null!;
        }
        """;

    [Fact]
    public void Every_block_of_a_documentation_comment_compiles() => Finding.None(Repository.Source.SelectMany(Broken));

    [Fact]
    public void A_block_that_does_not_compile_is_seen_and_a_formula_is_not() =>
        Finding.Only(Broken(new("src/ChainRule/Ops/Sample.cs", """
        /// <summary>
        /// <code>
        /// var y = model.Forward(x);
        /// </code>
        /// <code lang="math">y = W x + b</code>
        /// <code>
        /// var trainer = new Trainer&lt;Tensor, Ids&gt;(model, optimizer, null!, (x, y) => x)
        /// { Validate = () => trainer.Evaluate(null!) };
        /// </code>
        /// <code>var z = model.Backward(x);</code>
        /// </summary>
        class Sample;
        """)), "src/ChainRule/Ops/Sample.cs:6", "src/ChainRule/Ops/Sample.cs:10");

    [Fact]
    public void No_program_is_passed_off_as_a_formula() =>
        Finding.None(Repository.Source.SelectMany(Blocks)
            .Where(block => block.Language is not ("" or Math) || block.Language == Math && EndsAStatement(block.Text))
            .Select(block => block.File.At(block.Line, $"a block of '{block.Language}' that looks like a program",
                "compile it")));

    [Fact]
    public void Every_block_of_a_page_is_compiled_or_in_a_language_that_is_not()
    {
        string[] pages =
            [.. Repository.Files.Select(f => f.Path).Where(path => path.EndsWith(".md", StringComparison.Ordinal))];
        Assert.Contains("docs/extend.md", pages);
        foreach (string path in pages)
        {
            foreach (var (language, text, _) in Page.Blocks(Page.Read(path)))
            {
                // Those of csharp are one program, which PageTest and ReadmeTest run.
                if (language == "csharp")
                    Assert.True(path.StartsWith("docs/", StringComparison.Ordinal) || path == "README.md",
                        $"{path}: nothing runs its programs");
                // What begins with the path of its file is the source itself: HousePageTest compares it.
                else if (language == "cs" && text.TrimStart().StartsWith("// src/", StringComparison.Ordinal)) continue;
                else if (language == "cs") Assert.Empty(Errors(text).Select(error => $"{path}: {error}"));
                else
                    Assert.True(s_notCompiled.Contains(language),
                        $"{path}: a block in '{language}', which nothing checks");
            }
        }
    }

    static IEnumerable<Finding> Broken(SourceFile file) =>
        from block in Blocks(file)
        where block.Language != Math
        let errors = Errors(block.Text)
        where errors.Length > 0
        select file.At(block.Line, $"this block of code does not compile: {errors[0]}",
            "mend it, or mark it as lang=\"math\" if it is a formula");

    static string[] Errors(string text) => [.. Compiler.Errors(Compiler.Compile("Block",
        [CSharpSyntaxTree.ParseText(Snippet.Ordered($"{{ }}\n{text}"), SourceFile.Language),
            CSharpSyntaxTree.ParseText(Given, SourceFile.Language)],
        OutputKind.ConsoleApplication))];

    static IEnumerable<(SourceFile File, int Line, string Language, string Text)> Blocks(SourceFile file)
    {
        string text = string.Join('\n',
            file.Lines.Select(
                line => Comment().Match(line) is { Success: true } comment ? comment.Groups[1].Value : ""));
        foreach (Match match in Code().Matches(text))
        {
            var block = XElement.Parse(match.Value);
            yield return (file, text.AsSpan(0, match.Index).Count('\n') + 1, (string?)block.Attribute("lang") ?? "",
                block.Value.Trim('\n'));
        }
    }

    // "q = x W;  k = x V" are formulas side by side, and end none.
    static bool EndsAStatement(string text) => text.Split('\n').Any(line => line.TrimEnd().EndsWith(';'));

    [GeneratedRegex(@"^\s*/// ?(.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("<code( lang=\"\\w+\")?>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex Code();
}
