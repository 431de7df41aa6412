using ChainRule.Data;

namespace ChainRule.Zoo.Tasks;

/// <summary>A task of characters: each is predicted from those before it.</summary>
public abstract class LanguageTask : TrainingTask
{
    /// <inheritdoc/>
    public override Preprocessing ReadPreprocessing(Func<string, string> said) =>
        new Characters(new Vocabulary(said(Characters.Name)));
}

/// <summary>Characters as ids, and ids as characters.</summary>
public sealed class Characters(Vocabulary vocabulary) : Preprocessing
{
    internal const string Name = "vocabulary";

    /// <summary>The characters, in the order of their ids.</summary>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public override DataShape Shape => new([1], vocabulary.Size);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata =>
        new Dictionary<string, string> { [Name] = vocabulary.Characters };
}
