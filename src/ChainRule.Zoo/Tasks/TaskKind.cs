using System.Text.Json.Serialization;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tasks;

/// <summary>What a run is trained for.</summary>
[JsonConverter(typeof(LowerCase<TaskKind>))]
public enum TaskKind
{
    /// <summary>To make up names: many short texts, each with a beginning and an end.</summary>
    Names,

    /// <summary>To go on with one long text.</summary>
    Text,

    /// <summary>To tell the classes of images apart.</summary>
    Images,

    /// <summary>To predict a column of a table from the others.</summary>
    Table,

    /// <summary>To recommend places.</summary>
    Places,

    /// <summary>To remember, in sequences that are made for it.</summary>
    Sequences,

    /// <summary>To give images back through a bottleneck.</summary>
    Autoencoder,

    /// <summary>To lay the rows of a table out on a map.</summary>
    Map,

    /// <summary>To remember patterns, and to recall them from damaged ones.</summary>
    Patterns,
}
