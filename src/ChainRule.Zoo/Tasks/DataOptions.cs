using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Tasks;

/// <summary>
/// How a task reads its data. Names, types and limits are said in the constructor of each record, and nowhere else:
/// they are settings as the sizes of a model are.
/// </summary>
public abstract record DataOptions
{
    // As with sizes: a setting that nobody knows is an error.
    static readonly JsonSerializerOptions s_json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Refuses what cannot be used.</summary>
    /// <param name="asked">What the message begins with.</param>
    /// <exception cref="ArgumentException">A setting is outside of its limits, or settings do not go
    /// together.</exception>
    public virtual void Check(string asked)
    {
        foreach (var setting in Setting.Of(GetType())) setting.Check(asked, this);
    }

    /// <summary>As JSON, which is saved with a run; null where there are no settings.</summary>
    internal virtual string? Write() =>
        Setting.Of(GetType()).Count == 0 ? null : JsonSerializer.Serialize(this, GetType(), s_json);

    /// <summary>With the files that a run keeps where they are in its folder.</summary>
    internal virtual DataOptions In(string folder) => this;

    /// <summary>Reads what a record of this type wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such JSON.</exception>
    internal DataOptions Read(string saved)
    {
        try
        {
            return (DataOptions?)JsonSerializer.Deserialize(saved, GetType(), s_json) ?? throw new JsonException();
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
