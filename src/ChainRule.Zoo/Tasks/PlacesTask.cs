using ChainRule.Data;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tasks;

/// <summary>To recommend places: <see cref="PlaceData"/>.</summary>
sealed class PlacesTask : TrainingTask
{
    public override TaskKind Kind => TaskKind.Places;

    public override string Command => "recommend fit";

    public override string Summary => "Train a recommender of places on visits, and compare it with simple rankings";

    public override string DataAre => "the places and visits are";

    public override string DataSummary => "Two files: places with the columns id, lat, lon and tags, and visits with "
        + "user, place, lat, lon, time and perhaps tags; or a folder that holds them as places.csv and visits.csv "
        + "[default: an invented city that comes with ChainRule]";

    public override string? DataArgument => "PLACES.csv VISITS.csv";

    public override int DataFiles => 2;

    public override string UsualModel => "towers";

    public override DataOptions UsualOptions => new PlaceOptions();

    public override TaskData Open(string? source, DataOptions? options = null) => new PlaceData(
        source is null ? PlaceFiles.Read(new SyntheticCity()) : PlaceFiles.Read(source),
        options as PlaceOptions ?? new());

    public override Preprocessing ReadPreprocessing(Func<string, string> said) => PlaceEncoding.Read(said);

    public override string NextCommand(string folder) =>
        $"Recommend: {Shell.Tool} recommend for {Shell.Path(folder)} --lat LAT --lon LON --tags TAG,TAG";

    internal override string? WhyGone(string source) => source.Split(Path.PathSeparator)
        .Select(path => Directory.Exists(path) ? null : Files.WhyNotPlain(path)).FirstOrDefault(why => why is not null);
}
