using System.CommandLine;
using ChainRule.Data;
using ChainRule.Derivations;
using ChainRule.Randomness;

namespace ChainRule.Cli.Commands;

/// <summary>`chainrule derivation FILE`: a program as formulas, and its gradients below it, compared with the engine's.
/// </summary>
static class DerivationCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE")
            { Description = "A text of formulas: a program down to loss = ..., and below it gradients, dw = ..." };
        var seed = new Option<ulong>("--seed")
            { Description = "What the program's random numbers are drawn from", DefaultValueFactory = _ => 1 };
        seed.AtLeast(0UL);
        var command = new Command("derivation", "Check gradients that were written by hand, and name the mistake")
            { file, seed };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            string text = TextFile.WithLineFeeds(TextFile.Decode("derivation", TextFile.Bytes("derivation", path)));
            try
            {
                var report = Derivation.Read(text, new TorchRandom(parsed.GetValue(seed))).Report();
                Console.WriteLine(report);
                return report.Passed ? Tool.Done : Tool.Failed;
            }
            catch (FormulaException e)
            {
                Console.Error.WriteLine($"chainrule: {Printable.Path(path)}: {e.Message}");
                Console.Error.WriteLine(e.Excerpt);
                return Tool.Failed;
            }
        });
        return command.WithExamples("chainrule derivation gradients.txt",
            "chainrule derivation gradients.txt --seed 7");
    }
}
