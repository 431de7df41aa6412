using System.CommandLine;
using ChainRule.Randomness;
using ChainRule.Zoo.Runs;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule sample: lets a saved model invent more.</summary>
static class SampleCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder of a run" };
        var count = new Option<int>("--count") { Description = "How many to draw", HelpName = "N", DefaultValueFactory = _ => 20 }.AtLeast(0);
        var seed = new Option<ulong>("--seed") { Description = "The seed: the same seed draws the same", HelpName = "N", DefaultValueFactory = _ => 42 }.AtLeast(0UL);
        var temperature = new Option<double>("--temperature")
        {
            Description = "Below 1 the likely becomes likelier, above 1 less so; 0 takes the likeliest always",
            HelpName = "T",
            DefaultValueFactory = _ => 1,
        }.AtLeast(0.0);
        var prefix = new Option<string>("--prefix") { Description = "What each begins with", HelpName = "TEXT", DefaultValueFactory = _ => "" };

        var command = new Command("sample", "Draw from a model that was trained") { folder, count, seed, temperature, prefix };
        command.SetAction(parsed =>
        {
            var saved = SavedModel.Load(parsed.GetValue(folder)!);
            var rng = new TorchRandom(parsed.GetValue(seed));
            for (int i = 0; i < parsed.GetValue(count); i++)
                Console.WriteLine(saved.Model.Sample(saved.Vocabulary, rng, new(parsed.GetValue(temperature)), parsed.GetValue(prefix)!));
            return Tool.Done;
        });
        return command.WithExamples("chainrule sample runs/names-mlp", "chainrule sample runs/names-mlp --count 5 --prefix ma --temperature 0.7");
    }
}
