using ChainRule.Data;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>A trained language model read back from its file, ready to generate samples.</summary>
/// <param name="Kind">What it was trained for: whether its texts have an end.</param>
/// <param name="Model">The model, in evaluation mode.</param>
/// <param name="Vocabulary">The characters of its ids.</param>
public sealed record SavedLanguageModel(TaskKind Kind, LanguageModel Model, Vocabulary Vocabulary)
{
    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run has no language model.</exception>
    /// <exception cref="InvalidDataException">There is none yet, or the file is damaged, or is not one
    /// of this run.</exception>
    public static SavedLanguageModel Load(string folder)
    {
        var saved = SavedModel.Load(folder);
        if (saved is { Model: LanguageModel model, Preprocessing: Characters characters })
            return new(saved.Kind, model, characters.Vocabulary);
        var task = TrainingTask.Of(saved.Kind);
        throw new ArgumentException($"sample: {Printable.Path(folder)} is a run on {task.Name}, which has no samples: "
            + task.NextCommand(folder));
    }
}
