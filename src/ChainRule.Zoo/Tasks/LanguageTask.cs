using ChainRule.Data;

namespace ChainRule.Zoo.Tasks;

/// <summary>A task of characters or tokens: each is predicted from those before it.</summary>
public abstract class LanguageTask : TrainingTask
{
    /// <inheritdoc/>
    public override Preprocessing ReadPreprocessing(Func<string, string> said) =>
        new Characters(new Vocabulary(said(Characters.Name)));
}
