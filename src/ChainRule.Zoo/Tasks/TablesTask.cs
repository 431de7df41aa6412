using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tasks;

/// <summary>To predict a column of a table: <see cref="TableData"/>.</summary>
sealed class TablesTask : TrainingTask
{
    public override TaskKind Kind => TaskKind.Table;

    public override string Command => "fit";

    public override string Summary => "Train a model that predicts one column of a table, and judge it";

    public override string DataAre => "the table is";

    public override string DataSummary => "A CSV file with a header [default: a table of house prices that comes with "
        + "ChainRule]";

    public override string? DataArgument => "FILE.csv";

    public override string UsualModel => "mlp";

    public override DataOptions UsualOptions => new TableOptions();

    public override TaskData Open(string? source, DataOptions? options = null) =>
        TableData.Open(source, options as TableOptions ?? new());

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => TableEncoding.Read(said);

    public override string NextCommand(string folder) =>
        $"Predict: {Shell.Tool} predict {Shell.Path(folder)} FILE.csv";
}
