using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;

namespace ChainRule.Zoo.Places;

/// <summary>
/// Places, users and tags as numbers for a model: what is known of the places, and who visited which of them in
/// training.
/// </summary>
sealed class PlaceEncoding : Preprocessing
{
    /// <summary>The most tags that are told apart: the most frequent.</summary>
    public const int MostTags = 1000;

    const string PlacesName = "places", TagsName = "tags", UsersName = "users", VisitsName = "visits",
        UnitName = "unit";

    static readonly Dictionary<int, int> s_none = [];

    readonly Dictionary<string, int> _users;
    readonly Dictionary<string, int> _tagIds;
    readonly Dictionary<int, int>[] _visits;
    readonly Direction[] _directions;
    readonly Direction _mean, _std;
    readonly int[][] _placeTags;
    readonly double[] _popularity;
    readonly Tensor _allTags, _allLocations;

    /// <param name="places">All places.</param>
    /// <param name="tags">The tags that are told apart.</param>
    /// <param name="users">The users who visited any.</param>
    /// <param name="visits">How often each of these visited which place.</param>
    /// <param name="unit">The median distance of a visit, in metres.</param>
    public PlaceEncoding(IReadOnlyList<Place> places, IReadOnlyList<string> tags, IReadOnlyList<string> users,
        IReadOnlyList<IReadOnlyDictionary<int, int>> visits, double unit)
    {
        (Places, Tags, Users, Unit) = (places, tags, users, unit);
        _users = users.Index().ToDictionary(user => user.Item, user => user.Index, StringComparer.Ordinal);
        _tagIds = tags.Index().ToDictionary(tag => tag.Item, tag => tag.Index, StringComparer.Ordinal);
        _visits = [.. visits.Select(own => own.ToDictionary())];
        _directions = [.. places.Select(place => Geo.Towards(place.Latitude, place.Longitude))];
        (_mean, _std) = Statistics(_directions);
        _placeTags = [.. places.Select(place => Known(place.Tags))];
        int[] counts = new int[places.Count];
        foreach (var own in _visits) foreach (var (place, count) in own) counts[place] += count;
        Counts = counts;
        _popularity = [.. counts.Select(count => Math.Log(1 + count))];
        (MeanPopularity, Columns) = (_popularity.Average(), Math.Max(1, tags.Count));
        _allTags = Tensor.From([.. _placeTags.SelectMany(Vector)], [places.Count, Columns]).Keep();
        _allLocations = Tensor.From([.. _directions.SelectMany(Standardised)], [places.Count, 3]).Keep();
    }

    public IReadOnlyList<Place> Places { get; }

    public IReadOnlyList<string> Tags { get; }

    public IReadOnlyList<string> Users { get; }

    /// <summary>The median distance of a visit, in metres.</summary>
    public double Unit { get; }

    /// <summary>How often each place was visited in training.</summary>
    public IReadOnlyList<int> Counts { get; }

    double MeanPopularity { get; }

    /// <summary>Tags, at least one column.</summary>
    int Columns { get; }

    /// <summary>One example is a user and tags; an answer is a score for every place.</summary>
    public override DataShape Shape => new([Math.Max(1, Users.Count), Columns], Places.Count);

    public override IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>
    {
        [PlacesName] = JsonSerializer.Serialize(Places, RunJson.Default.IReadOnlyListPlace),
        [TagsName] = JsonSerializer.Serialize(Tags, RunJson.Default.IReadOnlyListString),
        [UsersName] = JsonSerializer.Serialize(Users, RunJson.Default.IReadOnlyListString),
        [VisitsName] = JsonSerializer.Serialize([.. _visits.Select(own => own.OrderBy(one => one.Key)
            .SelectMany(one => (int[])[one.Key, one.Value]).ToArray())], RunJson.Default.Int32ArrayArray),
        [UnitName] = JsonSerializer.Serialize(Unit, RunJson.Default.Double),
    };

    /// <summary>The number of a user, or −1.</summary>
    public int User(string? name) => name is not null && _users.TryGetValue(name, out int user) ? user : -1;

    /// <summary>How often a user visited each place; nothing for −1.</summary>
    public IReadOnlyDictionary<int, int> VisitsOf(int user) => user < 0 ? s_none : _visits[user];

    /// <summary>The tags of these that are known, by number.</summary>
    public int[] Known(IEnumerable<string> tags) =>
        [.. tags.Where(_tagIds.ContainsKey).Select(tag => _tagIds[tag]).Order()];

    /// <summary>The distance from a point to a place, in metres.</summary>
    public double Distance(Direction from, int place) => from.DistanceTo(_directions[place]);

    /// <summary>The cosine of some tags and a place's.</summary>
    public double Shared(int[] tags, int place) => tags.Length == 0 || _placeTags[place].Length == 0 ? 0
        : tags.Count(tag => Array.BinarySearch(_placeTags[place], tag) >= 0)
            / Math.Sqrt((double)tags.Length * _placeTags[place].Length);

    /// <summary>Queries and candidates as numbers.</summary>
    /// <param name="queries">What is asked.</param>
    /// <param name="candidates">The places that are compared; null for all.</param>
    public PlaceBatch Encode(IReadOnlyList<EncodedQuery> queries, int[]? candidates = null)
    {
        int[] places = candidates ?? [.. Enumerable.Range(0, Places.Count)];
        float[] tags = new float[queries.Count * Columns], profiles = new float[queries.Count * Columns];
        float[] features = new float[queries.Count * places.Length * PlaceFeatures.Count];
        Parallel.For(0, queries.Count, b =>
        {
            var profile = profiles.AsSpan(b * Columns, Columns);
            var wanted = tags.AsSpan(b * Columns, Columns);
            Vector(queries[b].Tags).CopyTo(wanted);
            Profile(queries[b].Visits, profile);
            Pairs(queries[b], places, wanted, profile,
                features.AsSpan(b * places.Length * PlaceFeatures.Count, places.Length * PlaceFeatures.Count));
        });
        return new(Ids.From([.. queries.Select(query => query.User + 1)]),
            Tensor.From(tags, [queries.Count, Columns]), Tensor.From(profiles, [queries.Count, Columns]),
            Tensor.From([.. queries.SelectMany(query => Standardised(query.From))], [queries.Count, 3]),
            Ids.From([.. places.Select(place => Counts[place] == 0 ? 0 : place + 1)]),
            candidates is null ? _allTags : _allTags.Rows(places),
            candidates is null ? _allLocations : _allLocations.Rows(places),
            Tensor.From(features, [queries.Count, places.Length, PlaceFeatures.Count]));
    }

    /// <summary>What is known of one query and every place: <see cref="PlaceFeatures"/>.</summary>
    public float[] Features(EncodedQuery query)
    {
        float[] features = new float[Places.Count * PlaceFeatures.Count], profile = new float[Columns];
        Profile(query.Visits, profile);
        Pairs(query, [.. Enumerable.Range(0, Places.Count)], Vector(query.Tags), profile, features);
        return features;
    }

    /// <summary>Reads what <see cref="Metadata"/> says.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static PlaceEncoding Read(Func<string, string> said)
    {
        T Parsed<T>(string name, JsonTypeInfo<T> type) =>
            JsonSerializer.Deserialize(said(name), type) ?? throw new JsonException();
        try
        {
            var places = Parsed(PlacesName, RunJson.Default.PlaceArray);
            string[] tags = Parsed(TagsName, RunJson.Default.StringArray),
                users = Parsed(UsersName, RunJson.Default.StringArray);
            int[][] visits = Parsed(VisitsName, RunJson.Default.Int32ArrayArray);
            double unit = Parsed(UnitName, RunJson.Default.Double);
            bool fits = places.Length >= 2 && visits.Length == users.Length && unit > 0 && double.IsFinite(unit)
                && Array.TrueForAll(places, p => p is { Id: not null, Name: not null, Tags: not null }
                    && Math.Abs(p.Latitude) <= 90 && Math.Abs(p.Longitude) <= 180)
                && Array.TrueForAll(visits, own => own.Length % 2 == 0
                    && own.Index().All(x => x.Item >= 0 && (x.Index % 2 == 1 || x.Item < places.Length)));
            return !fits ? throw new JsonException() : new(places, tags, users,
                [.. visits.Select(own => own.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]))], unit);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException("places: what was saved of places and users beside the model is damaged: "
                + "put this run's own file back, or start a new run", e);
        }
    }

    void Pairs(EncodedQuery query, int[] places, ReadOnlySpan<float> wanted, ReadOnlySpan<float> profile,
        Span<float> to)
    {
        for (int c = 0; c < places.Length; c++)
        {
            int place = places[c];
            var x = to.Slice(c * PlaceFeatures.Count, PlaceFeatures.Count);
            PlaceFeatures.Distances4(Math.Log(1 + Distance(query.From, place) / Unit), x);
            int[] own = _placeTags[place];
            float shared = 0, liked = 0;
            foreach (int tag in own) (shared, liked) = (shared + wanted[tag], liked + profile[tag]);
            if (shared > 0) x[PlaceFeatures.SharedTags] = shared / MathF.Sqrt(own.Length);
            if (liked > 0) x[PlaceFeatures.Profile] = liked / MathF.Sqrt(own.Length);
            // A visit that is learned from does not count itself.
            double popularity = place == query.Target ? Math.Log(Math.Max(1, Counts[place])) : _popularity[place];
            x[PlaceFeatures.Popularity] = (float)(popularity - MeanPopularity);
            if (query.Visits.TryGetValue(place, out int times)) x[PlaceFeatures.Visited] = MathF.Log(1 + times);
        }
    }

    /// <summary>The tags of places visited, as a vector of length 1.</summary>
    void Profile(IReadOnlyDictionary<int, int> visits, Span<float> to)
    {
        foreach (var (place, count) in visits) foreach (int tag in _placeTags[place]) to[tag] += count;
        double square = 0;
        foreach (float x in to) square += x * x;
        if (square == 0) return;
        foreach (ref float x in to) x /= (float)Math.Sqrt(square);
    }

    float[] Vector(int[] tags)
    {
        float[] vector = new float[Columns];
        foreach (int tag in tags) vector[tag] = 1 / MathF.Sqrt(tags.Length);
        return vector;
    }

    // A query from another continent is far, and no more.
    float[] Standardised(Direction d) => [Clamped((d.X - _mean.X) / _std.X), Clamped((d.Y - _mean.Y) / _std.Y),
        Clamped((d.Z - _mean.Z) / _std.Z)];

    static float Clamped(double x) => (float)Math.Clamp(x, -4, 4);

    static (Direction Mean, Direction Std) Statistics(Direction[] all)
    {
        static (double, double) Of(IEnumerable<double> numbers)
        {
            double mean = numbers.Average(), std = Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
            return (mean, std > 1e-12 ? std : 1);
        }
        var ((x, sx), (y, sy), (z, sz)) = (Of(all.Select(d => d.X)), Of(all.Select(d => d.Y)),
            Of(all.Select(d => d.Z)));
        return (new(x, y, z), new(sx, sy, sz));
    }
}

/// <summary>A query as the encoding takes it.</summary>
/// <param name="User">The number of the user; −1 for one never seen.</param>
/// <param name="From">Where the user is.</param>
/// <param name="Tags">What is looked for, by number, in order.</param>
/// <param name="Visits">The user's visits so far: how often each place.</param>
/// <param name="Target">The place that was visited, where it is learned from; else −1.</param>
readonly record struct EncodedQuery(int User, Direction From, int[] Tags, IReadOnlyDictionary<int, int> Visits,
    int Target = -1);
