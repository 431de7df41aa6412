using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainRule.Zoo.Datasets;

/// <summary>Names of an enum in JSON as one types them on the command line.</summary>
sealed class LowerCase<T>() : JsonStringEnumConverter<T>(new Lower(), allowIntegerValues: false) where T : struct, Enum;

sealed class Lower : JsonNamingPolicy
{
    public override string ConvertName(string name) => name.ToLowerInvariant();
}
