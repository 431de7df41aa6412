using System.Globalization;
using ChainRule.Errors;
using ChainRule.Zoo.Models;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Settings;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Places;

/// <summary>Who asks, from where, and what for.</summary>
/// <param name="Latitude">In degrees, from −90 to 90.</param>
/// <param name="Longitude">In degrees, from −180 to 180.</param>
/// <param name="Tags">What is looked for; tags that no place has do not count.</param>
/// <param name="User">Who asks, as in the file of visits; null, or one never seen, for somebody unknown.</param>
/// <param name="Count">How many places are wanted.</param>
public sealed record PlaceQuery(double Latitude, double Longitude, IReadOnlyList<string>? Tags = null,
    string? User = null, int Count = 10);

/// <summary>A recommended place.</summary>
/// <param name="Place">Which.</param>
/// <param name="Distance">How far it is, in metres.</param>
/// <param name="Score">The probability that it is the one that is visited.</param>
/// <param name="Why">What speaks for it most, in a few words.</param>
public sealed record PlaceRecommendation(Place Place, double Distance, double Score, string Why);

/// <summary>Recommended places, the best first, and what there is to say of the query.</summary>
/// <param name="Places">The places.</param>
/// <param name="Remarks">Sentences: what of the query is unknown and did not count.</param>
public sealed record PlaceAnswer(IReadOnlyList<PlaceRecommendation> Places, IReadOnlyList<string> Remarks);

/// <summary>
/// A trained recommender, ready to be used:
/// <c>PlaceModel.Load("runs/places-towers").Recommend(new(45.01, -30.02, ["jazz"]))</c>. Any number of threads may use
/// one at once.
/// </summary>
public sealed class PlaceModel
{
    const double Far = 500_000;

    readonly PlaceTowers _model;
    readonly PlaceEncoding _encoding;

    PlaceModel(PlaceTowers model, PlaceEncoding encoding) => (_model, _encoding) = (model, encoding);

    /// <summary>The places that are recommended.</summary>
    public IReadOnlyList<Place> Places => _encoding.Places;

    /// <summary>The tags that are known.</summary>
    public IReadOnlyList<string> Tags => _encoding.Tags;

    /// <summary>Reads the best model of a run's folder.</summary>
    /// <exception cref="ArgumentException">The run is on no places.</exception>
    /// <exception cref="InvalidDataException">There is no model yet, or a file is damaged.</exception>
    public static PlaceModel Load(string folder)
    {
        var task = TrainingTask.Of(RunFolder.Open(folder).Settings.Kind);
        if (task.Kind != TaskKind.Places)
            throw new ArgumentException($"recommend: {Printable.Path(folder)} is a run on {task.Name}, and places are "
                + $"recommended by a run on places: {task.NextCommand(folder)}");
        var saved = SavedModel.Load(folder);
        var model = new PlaceModel((PlaceTowers)saved.Model, (PlaceEncoding)saved.Preprocessing);
        // What a first pass finds out of the model, the threads that follow only read.
        model.Recommend(new(model.Places[0].Latitude, model.Places[0].Longitude));
        return model;
    }

    /// <summary>The places that a user most probably visits next.</summary>
    /// <exception cref="ArgumentException">A latitude or longitude is none, they seem to be swapped, or the count is
    /// below 1.</exception>
    public PlaceAnswer Recommend(PlaceQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        Check(query);
        string[] asked = [.. (query.Tags ?? []).Select(tag => tag.Trim().ToLowerInvariant())
            .Where(tag => tag.Length > 0).Distinct()];
        var from = Geo.Towards(query.Latitude, query.Longitude);
        int user = _encoding.User(query.User);
        var known = new EncodedQuery(user, from, _encoding.Known(asked), _encoding.VisitsOf(user));
        double[] distances = [.. Enumerable.Range(0, Places.Count).Select(p => _encoding.Distance(from, p))];
        CheckSwapped(query, distances.Min());

        using var quiet = NoGrad.Begin();
        using var scope = Scope.Begin("recommend");
        var batch = _encoding.Encode([known]);
        var scores = _model.Score(batch);
        double[] probabilities = Doubles(scores.Softmax());
        var why = new PlaceReasons(_encoding, known, distances, Doubles(batch.Features), Doubles(scores),
            Doubles(_model.Parts(batch).Weights));
        return new([.. PlaceReport.First(Doubles(scores), query.Count).Select(p =>
            new PlaceRecommendation(Places[p], distances[p], probabilities[p], why.Of(p)))],
            [.. Remarks(query, asked, user, distances.Min())]);
    }

    static double[] Doubles(Tensor tensor) => [.. tensor.ToArray<float>().Select(x => (double)x)];

    IEnumerable<string> Remarks(PlaceQuery query, string[] asked, int user, double nearest)
    {
        if (query.User is { } name && user < 0)
            yield return $"user '{Printable.Of(name, 40)}' made no visit in training: answered as for anybody";
        foreach (string tag in asked.Except(Tags))
        {
            string near = Nearest.To(tag, Tags) is { } other ? $"; did you mean '{Printable.Of(other, 40)}'?" : "";
            yield return $"no place and no visit has the tag '{Printable.Of(tag, 40)}': it does not count{near}";
        }
        if (nearest > Far)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"the nearest place is {nearest / 1000:N0} km away: no visit that was learned from says much of that");
    }

    static void Check(PlaceQuery query)
    {
        foreach (var (name, degrees, most) in ((string, double, int)[])[("latitude", query.Latitude, 90),
            ("longitude", query.Longitude, 180)])
        {
            if (Math.Abs(degrees) <= most) continue;
            string swapped = name == "latitude" && Math.Abs(degrees) <= 180 && Math.Abs(query.Longitude) <= 90
                ? "; latitude and longitude may have changed places" : "";
            throw new RefusedArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"recommend: a {name} of {degrees} degrees: give a number from -{most} to {most}{swapped}"),
                nameof(query));
        }
        if (query.Count < 1)
            throw new RefusedArgumentException($"recommend: {query.Count} places: ask for 1 or more", nameof(query));
    }

    void CheckSwapped(PlaceQuery query, double nearest)
    {
        if (nearest < Far || Math.Abs(query.Longitude) > 90) return;
        var swapped = Geo.Towards(query.Longitude, query.Latitude);
        double other = Enumerable.Range(0, Places.Count).Min(p => _encoding.Distance(swapped, p));
        if (other < nearest / 10)
            throw new RefusedArgumentException(string.Create(CultureInfo.InvariantCulture, $"recommend: latitude "
                + $"{query.Latitude} and longitude {query.Longitude}: the nearest place is {nearest / 1000:N0} km away"
                + $", and {other / 1000:N0} km if the two change places: swap them"), nameof(query));
    }
}
