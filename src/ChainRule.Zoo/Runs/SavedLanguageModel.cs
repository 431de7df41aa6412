using ChainRule.Data;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Runs;

/// <summary>A trained language model read back from its file, ready to generate samples.</summary>
/// <param name="Kind">What it was trained for: whether its texts have an end.</param>
/// <param name="Model">The model, in evaluation mode.</param>
/// <param name="Encoding">What its ids stand for.</param>
public sealed record SavedLanguageModel(TaskKind Kind, LanguageModel Model, LanguageEncoding Encoding)
{
    /// <summary>The characters of its ids.</summary>
    /// <exception cref="InvalidOperationException">It reads tokens.</exception>
    public Vocabulary Vocabulary => Encoding is Characters characters ? characters.Vocabulary
        : throw new InvalidOperationException("this model reads tokens, and this takes models of characters: "
            + "train one without tokenizer and vocabulary");

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run has no language model.</exception>
    /// <exception cref="InvalidDataException">There is none yet, or the file is damaged, or is not one
    /// of this run.</exception>
    public static SavedLanguageModel Load(string folder)
    {
        var saved = SavedModel.Load(folder);
        if (saved is { Model: LanguageModel model, Preprocessing: LanguageEncoding encoding })
            return new(saved.Kind, model, encoding);
        var task = TrainingTask.Of(saved.Kind);
        throw new ArgumentException($"sample: {Printable.Path(folder)} is a run on {task.Name}, which has no samples: "
            + task.NextCommand(folder));
    }
}
