using System.Text.Json;
using System.Text.Json.Serialization;
using ChainRule.Zoo.Sequences;

namespace ChainRule.Zoo.Settings;

/// <summary>
/// How the sizes of models and the options of data are saved with a run: what was null is left out, choices are names,
/// and what nobody knows is an error, since a default in its place would build another model.
/// </summary>
static class SavedOptions
{
    static readonly JsonSerializerOptions s_options = new()
    {
        TypeInfoResolver = OptionsJson.Default,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Its own converter writes it in lower case, as the command line has it; options never did.
        Converters = { new JsonStringEnumConverter<SequenceProblem>() },
    };

    /// <summary>A record of a type as JSON.</summary>
    public static string Write(ISettings options, Type type) =>
        JsonSerializer.Serialize(options, s_options.GetTypeInfo(type));

    /// <summary>Reads a record of a type.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static object Read(string json, Type type) =>
        JsonSerializer.Deserialize(json, s_options.GetTypeInfo(type)) ?? throw new JsonException();
}
