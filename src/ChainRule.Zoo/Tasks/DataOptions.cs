using System.Text.Json;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tasks;

/// <summary>
/// How a task reads its data. Names, types and limits are said in the constructor of each record, and nowhere else:
/// they are settings as the sizes of a model are.
/// </summary>
public abstract record DataOptions : ISettings
{
    /// <summary>Refuses what cannot be used.</summary>
    /// <param name="asked">What the message begins with.</param>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or settings do not go
    /// together.</exception>
    public virtual void Check(string asked)
    {
        foreach (var setting in Setting.Of(this)) setting.Check(asked, this);
    }

    /// <summary>As JSON, which is saved with a run; null where there are no settings.</summary>
    internal virtual string? Write() =>
        Setting.Of(this).Count == 0 ? null : SavedOptions.Write(this, GetType());

    /// <summary>With the files that a run keeps where they are in its folder.</summary>
    internal virtual DataOptions In(string folder) => this;

    /// <summary>Reads what a record of this type wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such JSON.</exception>
    internal DataOptions Read(string saved)
    {
        try
        {
            return (DataOptions)SavedOptions.Read(saved, GetType());
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"run.json: how the data was read cannot be told from "
                + $"{Printable.Of(saved, 200)}: put this run's own run.json back, or start a new run", e);
        }
    }
}

/// <summary>Of data that can be read in one way alone.</summary>
public sealed record NoDataOptions : DataOptions;
