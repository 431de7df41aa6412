using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>
/// The sizes of a model, and what it is built of. Defaults and limits are said in the constructor of each
/// record, and nowhere else.
/// </summary>
public abstract record ModelOptions : ISettings
{
    /// <summary>The most that a size may be: beyond it, no model of one machine lies.</summary>
    public const int Largest = 65_536;

    /// <summary>Refuses what cannot be built.</summary>
    /// <param name="model">What the message calls the model.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits, or options do not go together.</exception>
    public virtual void Check(string model)
    {
        foreach (var setting in Setting.Of(this)) setting.Check(model, this);
    }
}
