using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;

namespace ChainRule.Zoo.Tasks;

/// <summary>To lay the rows of a table out on a map: <see cref="MapData"/>.</summary>
sealed class MapTask : TrainingTask
{
    public override TaskKind Kind => TaskKind.Map;

    public override string Command => "map";

    public override string Summary => "Train a self-organising map of a table: what is alike lies close together";

    public override string DataAre => "the table is";

    public override string DataSummary => "A CSV file with a header [default: a table of house prices that comes with "
        + "ChainRule]";

    public override string? DataArgument => "FILE.csv";

    public override string ValidationName => "quantisation error";

    public override string UsualModel => "kohonen";

    public override DataOptions UsualOptions => new MapOptions();

    public override TaskData Open(string? source, DataOptions? options = null) =>
        MapData.Open(source, options as MapOptions ?? new());

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => MapEncoding.Read(said);

    public override string NextCommand(string folder) =>
        $"Place other rows on the map: {Shell.Tool} predict {Shell.Path(folder)} FILE.csv";
}
