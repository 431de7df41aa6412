namespace House.Tests;

/// <summary>
/// Who may lean on whom: the one table, which FloorsTest asks of the compiler and docs/house.md shows.
/// </summary>
static class Rooms
{
    /// <summary>The rooms of the library, and what each may import.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Library = new Dictionary<string, string[]>
    {
        ["Errors"] = [],
        ["Randomness"] = ["Errors"],
        ["Scalar"] = ["Errors", "Randomness"],
        ["Kernels"] = ["Errors"],
        ["Engine"] = ["Errors", "Kernels", "Randomness"],
        ["Distributed"] = ["Errors", "Engine", "Kernels"],
        ["Ops"] = ["Engine", "Kernels"],
        ["Layers"] = ["Ops", "Engine", "Randomness", "Errors"],
        ["Optim"] = ["Ops", "Engine", "Kernels"],
        ["Data"] = ["Ops", "Engine", "Randomness"],
        ["Metrics"] = ["Ops", "Engine"],
        ["Signals"] = ["Ops", "Engine"],
        ["Classical"] = ["Layers", "Ops", "Engine", "Randomness"],
        ["Training"] =
            ["Distributed", "Layers", "Optim", "Data", "Ops", "Engine", "Kernels", "Randomness", "Errors"],
        ["Diagnostics"] = ["Layers", "Optim", "Data", "Ops", "Engine", "Kernels", "Randomness"],
        ["Derivations"] = ["Ops", "Engine", "Randomness"],
        ["Diagnosing"] =
            ["Diagnostics", "Training", "Layers", "Optim", "Data", "Ops", "Engine", "Randomness"],
        ["Explaining"] = ["Layers", "Scalar", "Ops", "Engine"],
        ["Tracing"] = ["Engine"],
        ["Tokenizers"] = ["Data", "Engine"],
        ["Protobuf"] = [],
        ["Events"] = ["Training", "Layers", "Engine", "Ops", "Data", "Protobuf"],
    };

    /// <summary>The projects of src, and what each may reference.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>
    {
        ["ChainRule"] = [],
        ["ChainRule.Zoo"] = ["ChainRule"],
        ["ChainRule.Pictures"] = ["ChainRule"],
        ["ChainRule.Images"] = ["ChainRule", "ChainRule.Zoo"],
        ["ChainRule.Onnx"] = ["ChainRule"],
        ["ChainRule.Serving"] = ["ChainRule"],
        ["ChainRule.Tables"] = ["ChainRule"],
        ["ChainRule.Logging"] = ["ChainRule"],
        ["ChainRule.Lab"] = ["ChainRule", "ChainRule.Zoo"],
        ["ChainRule.Lab.Server"] = ["ChainRule.Lab"],
        ["ChainRule.Lab.Browser"] = ["ChainRule.Lab"],
        ["ChainRule.Cli"] =
            ["ChainRule", "ChainRule.Zoo", "ChainRule.Pictures", "ChainRule.Images", "ChainRule.Onnx",
                "ChainRule.Lab.Server"],
    };

    /// <summary>Projects whose namespace is another: no namespace may be called as a class in it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Namespaces = new Dictionary<string, string>
    {
        ["ChainRule.Onnx"] = "ChainRule.Formats",
    };

    /// <summary>The rooms as a table in Markdown.</summary>
    public static string Table(string head, IReadOnlyDictionary<string, string[]> rooms) =>
        $"{head}\n|---|---|\n"
            + string.Concat(
                rooms.Select(
                    room => $"| {room.Key} | {(room.Value.Length == 0 ? "nothing" : string.Join(", ", room.Value))} "
                        + "|\n"));
}
