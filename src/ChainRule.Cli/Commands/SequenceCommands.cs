using System.Globalization;
using ChainRule.Zoo.Sequences;

namespace ChainRule.Cli.Commands;

/// <summary>What a model says of sequences, and how good it is.</summary>
static class SequenceCommands
{
    const int UsualCount = 1000;

    // Other sequences than those of training, validation and test.
    const ulong UsualSeed = 4;

    public static int Predict(string folder, string path)
    {
        var model = SequencePredictor.Load(folder);
        foreach (var (i, found) in model.PredictFile(path).Index())
        {
            string probability = found.Probability is { } p
                ? string.Create(CultureInfo.InvariantCulture, $"  {p:0.0000}") : "";
            string right = found.Right is null || found.Right.Count == 0 ? "" : $"  right: {Said(model, found.Right)}";
            Console.WriteLine($"{i + 1}  {Said(model, found.Said)}{probability}{right}");
        }
        return Tool.Done;
    }

    /// <summary>On the sequences of a file; or on new ones, if there is none.</summary>
    public static string Evaluate(string folder, string? path, int? count, int? length, ulong? seed)
    {
        var model = SequencePredictor.Load(folder);
        if (path is not null && (count ?? length ?? (long?)seed) is not null)
            throw new ArgumentException("evaluate: --count, --length and --seed are for sequences that are drawn: "
                + "leave them out, or the file");
        var found = path is null ? model.MeasureDrawn(count ?? UsualCount, length, seed ?? UsualSeed)
            : model.Measure(model.PredictFile(path));
        string of = string.Create(CultureInfo.InvariantCulture, $"{Printable.Count(found.Sequences, "sequence")}, "
            + $"{Printable.Count(found.Asked, "answer")}: ");
        return of + (found.Accuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture,
                $"accuracy {accuracy:0.0000}; a guess has {1.0 / model.Classes.Count:0.00}")
            : string.Create(CultureInfo.InvariantCulture, $"root mean squared error {found.Rmse:0.0000}")
                + (found.RmseOfMean is > 0 and var mean ? string.Create(CultureInfo.InvariantCulture,
                    $"; always to say the mean has {mean:0.0000}") : ""));
    }

    /// <summary>Symbols and bits are one letter each, and stand together.</summary>
    static string Said(SequencePredictor model, IReadOnlyList<string> said) => model.Problem switch
    {
        _ when said.Count == 0 => "– (it is too short to be asked anything)",
        SequenceProblem.Copy => string.Concat(said),
        SequenceProblem.Parity => string.Concat(said.Select(one => one == "odd" ? '1' : '0')),
        _ => string.Join(' ', said),
    };
}
