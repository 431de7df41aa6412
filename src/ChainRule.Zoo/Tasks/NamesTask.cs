using ChainRule.Zoo.Datasets;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>To make up names: <see cref="Names"/>.</summary>
sealed class NamesTask : LanguageTask
{
    public override TaskKind Kind => TaskKind.Names;

    public override string Summary => "Train a character-level model on first names, and generate twenty names";

    public override string DataAre => "the names are";

    public override string DataSummary =>
        "A text file with one name a line [default: the names that come with ChainRule]";

    public override string UsualModel => "mlp";

    public override TaskData Open(string? source, DataOptions? options = null) =>
        source is null ? Names.Embedded() : Names.FromFile(source);

    public override string NextCommand(string folder) => $"More names: {Shell.Tool} sample {Shell.Path(folder)}";
}
