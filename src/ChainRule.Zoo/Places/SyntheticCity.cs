using System.Globalization;
using System.Text;
using ChainRule.Errors;
using ChainRule.Randomness;

namespace ChainRule.Zoo.Places;

/// <summary>How large a <see cref="SyntheticCity"/> is, and what it is drawn from.</summary>
/// <param name="Seed">One seed gives one city.</param>
/// <param name="Places">How many places there are.</param>
/// <param name="Users">How many users there are.</param>
/// <param name="VisitsPerUser">How many visits a user makes, on average.</param>
public sealed record CityOptions(ulong Seed = 7, int Places = 400, int Users = 500, int VisitsPerUser = 40);

/// <summary>
/// An invented city, for a first recommender without any data of one's own; it lies where no town is. Each of eight
/// districts has a centre, an extent, a weight for homes, and tags that are common there. A place is in a district,
/// has one to three tags and a popularity, which is log-normal. A user has a home, a place of work, and a taste: a
/// weight for each of four tags, of which some are declared (one user in six declares none).
/// <para>A visit begins at home (60 %), at work (25 %) or anywhere (15 %). The place is drawn from a softmax of
/// <code lang="math">
/// u = -c \ln\left(1 + \frac{d}{300\,\text{m}}\right) + 1.5\, t + 0.6\, p + s \cdot s' + 0.2 \ln(1 + n)
/// </code>
/// d is the distance, c the user's own dislike of distance (0.8 to 1.8), t the summed taste for the place's tags, p the
/// popularity, s and s' the styles of user and place, two numbers that no tag names (quiet or loud, plain or dear),
/// n how often the user was there before. So distance, taste and popularity decide together, and none
/// explains the visits alone. The city is far simpler than a real one: what a model reaches here says that it learns,
/// not how well it would recommend.</para>
/// </summary>
public sealed class SyntheticCity
{
    // Somewhere in the Atlantic.
    const double CentreLatitude = 45, CentreLongitude = -30, MetresPerDegree = 111_195;

    static readonly string[] s_names = ["Harbour", "Old Town", "University", "Market", "Hillside", "Garden", "Mill",
        "Station"];

    // East and north of the centre and extent, in km; weights of homes and of places.
    static readonly double[][] s_districts = [[-2.5, -1.8, 0.7, 0.6, 1.3], [0, 0, 0.5, 0.7, 1.8],
        [1.8, 1.4, 0.7, 1.3, 1.2], [-0.8, 1.6, 0.5, 0.9, 1.2], [3.6, -1.2, 1.1, 1.7, 0.7], [-3.4, 2.6, 1.2, 1.8, 0.6],
        [2.4, -3.2, 0.9, 1.2, 0.7], [0.6, -1.9, 0.6, 0.7, 1.0]];

    static readonly string[] s_tags = ["seafood", "pub", "sailing", "market", "museum", "café", "jazz", "theatre",
        "books", "ramen", "cinema", "gym", "bakery", "vegan", "vintage", "pizza", "park", "playground", "yoga",
        "climbing", "brewery", "gallery", "coffee", "tapas"];

    static readonly double[] s_homes = [.. s_districts.Select(d => d[3])], s_sites = [.. s_districts.Select(d => d[4])];

    readonly CityOptions _options;
    readonly List<Spot> _places = [];
    readonly StringBuilder _visits = new("user,place,lat,lon,time,tags\n");

    /// <summary>Draws a city.</summary>
    /// <exception cref="ArgumentException">There are fewer than two places, no users or no visits.</exception>
    public SyntheticCity(CityOptions? options = null)
    {
        _options = options ?? new();
        if (_options.Places < 2 || _options.Users < 1 || _options.VisitsPerUser < 1)
            throw new RefusedArgumentException($"city: {_options.Places} places, {_options.Users} users and "
                + $"{_options.VisitsPerUser} visits each: give 2 places, 1 user and 1 visit or more", nameof(options));
        var rng = new TorchRandom(_options.Seed);
        for (int i = 0; i < _options.Places; i++) _places.Add(DrawPlace(i, rng));
        List<(double Time, string Line)> visits = [];
        for (int i = 0; i < _options.Users; i++) visits.AddRange(DrawVisits(i, rng));
        foreach (var (_, line) in visits.OrderBy(visit => visit.Time)) _visits.Append(line);
    }

    /// <summary>The names of the districts.</summary>
    public static IReadOnlyList<string> Districts => s_names;

    /// <summary>The district of each place: a number in <see cref="Districts"/>.</summary>
    public IReadOnlyList<int> DistrictOf => [.. _places.Select(place => place.District)];

    /// <summary>The file of places, as <c>recommend fit</c> reads it.</summary>
    public string PlacesCsv()
    {
        var text = new StringBuilder("id,name,lat,lon,tags\n");
        foreach (var place in _places)
            text.Append(CultureInfo.InvariantCulture, $"{place.Id},{place.Name},{Degrees(place.At)},")
                .AppendJoin(';', place.Tags.Select(tag => s_tags[tag])).Append('\n');
        return text.ToString();
    }

    /// <summary>The file of visits, in the order of time.</summary>
    public string VisitsCsv() => _visits.ToString();

    static Spot DrawPlace(int i, TorchRandom rng)
    {
        int district = rng.Multinomial(s_sites);
        var at = Near(district, rng);
        int count = 1 + rng.Multinomial([0.3, 0.5, 0.2]);
        // Three of a district's tags are eight times as common there as the others.
        double[] common = [.. Enumerable.Range(0, s_tags.Length).Select(tag => tag / 3 == district ? 8.0 : 1)];
        List<int> tags = [];
        while (tags.Count < count)
        {
            int tag = rng.Multinomial(common);
            if (!tags.Contains(tag)) tags.Add(tag);
        }
        string kind = s_tags[tags[0]];
        string name = $"{char.ToUpperInvariant(kind[0])}{kind[1..]} {s_names[district]} {i + 1}";
        return new($"p{i + 1}", name, district, at, [.. tags], Gaussian(rng), [Gaussian(rng), Gaussian(rng)]);
    }

    IEnumerable<(double Time, string Line)> DrawVisits(int i, TorchRandom rng)
    {
        var home = Near(rng.Multinomial(s_homes), rng);
        var work = Near(rng.Multinomial(s_sites), rng);
        double dislike = 0.8 + rng.NextDouble();
        double[] taste = new double[s_tags.Length];
        List<int> liked = [];
        while (liked.Count < 4)
        {
            int tag = (int)(rng.NextDouble() * s_tags.Length);
            if (liked.Contains(tag)) continue;
            liked.Add(tag);
            taste[tag] = 0.5 + rng.NextDouble();
        }
        double[] style = [Gaussian(rng), Gaussian(rng)];
        bool silent = rng.NextDouble() < 1 / 6.0;
        string declared = silent ? "" : string.Join(';', liked.Where(_ => rng.NextDouble() < 0.5)
            .Select(tag => s_tags[tag]));
        int count = Math.Max(1, (int)(_options.VisitsPerUser * (0.4 + 1.2 * rng.NextDouble())));
        double[] times = [.. Enumerable.Range(0, count).Select(_ => 180 * rng.NextDouble()).Order()];
        double[] fixedPart = [.. _places.Select(p => 1.5 * p.Tags.Sum(tag => taste[tag]) + 0.6 * p.Popularity
            + style[0] * p.Style[0] + style[1] * p.Style[1])];
        int[] before = new int[_places.Count];
        double[] utility = new double[_places.Count];
        foreach (double time in times)
        {
            double where = rng.NextDouble();
            var from = where < 0.6 ? Moved(home, 0.1, rng) : where < 0.85 ? Moved(work, 0.1, rng)
                : Near(rng.Multinomial(s_sites), rng);
            for (int p = 0; p < utility.Length; p++)
            {
                double east = from.East - _places[p].At.East, north = from.North - _places[p].At.North;
                utility[p] = fixedPart[p] + 0.2 * Math.Log(1 + before[p])
                    - dislike * Math.Log(1 + Math.Sqrt(east * east + north * north) / 0.3);
            }
            double most = utility.Max();
            for (int p = 0; p < utility.Length; p++) utility[p] = Math.Exp(utility[p] - most);
            int chosen = rng.Multinomial(utility);
            before[chosen]++;
            yield return (time, string.Create(CultureInfo.InvariantCulture,
                $"u{i + 1},{_places[chosen].Id},{Degrees(from)},{time:0.0000},{declared}\n"));
        }
    }

    static (double East, double North) Near(int district, TorchRandom rng) =>
        Moved((s_districts[district][0], s_districts[district][1]), s_districts[district][2], rng);

    static (double East, double North) Moved((double East, double North) from, double km, TorchRandom rng) =>
        (from.East + km * Gaussian(rng), from.North + km * Gaussian(rng));

    static double Gaussian(TorchRandom rng)
    {
        Span<double> one = [0];
        rng.Normal(one);
        return one[0];
    }

    static string Degrees((double East, double North) at)
    {
        double latitude = CentreLatitude + at.North * 1000 / MetresPerDegree;
        double longitude = CentreLongitude
            + at.East * 1000 / (MetresPerDegree * Math.Cos(CentreLatitude * Math.PI / 180));
        return string.Create(CultureInfo.InvariantCulture, $"{latitude:0.000000},{longitude:0.000000}");
    }

    readonly record struct Spot(string Id, string Name, int District, (double East, double North) At, int[] Tags,
        double Popularity, double[] Style);
}
