using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tasks;

/// <summary>
/// How a task reads its data. Names, types and limits are said in the constructor of each record, and nowhere else:
/// they are settings as the sizes of a model are.
/// </summary>
public abstract record DataOptions
{
    /// <summary>Refuses what cannot be used.</summary>
    /// <param name="asked">What the message begins with.</param>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or settings do not go
    /// together.</exception>
    public virtual void Check(string asked)
    {
        foreach (var setting in Setting.Of(GetType())) setting.Check(asked, this);
    }
}

/// <summary>Of data that can be read in one way alone.</summary>
public sealed record NoDataOptions : DataOptions;
