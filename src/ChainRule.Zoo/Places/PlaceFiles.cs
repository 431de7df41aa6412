using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChainRule.Data;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Places;

/// <summary>
/// Reads a file of places and one of visits. Places have the columns id, lat, lon and tags, and perhaps name; visits
/// have user, place, lat, lon and time, and perhaps tags. Others do not count. Tags stand between ; or | or , in their
/// field, and are compared without regard to case.
/// </summary>
static class PlaceFiles
{
    /// <summary>What the two files are called in a folder that holds both.</summary>
    public const string PlacesName = "places.csv", VisitsName = "visits.csv";

    public const string Wanted = "give PLACES.csv and VISITS.csv, or a folder that holds " + PlacesName + " and "
        + VisitsName;

    // How a column is called elsewhere.
    static readonly Dictionary<string, string[]> s_meant = new()
    {
        ["id"] = ["place", "place_id", "placeid", "business_id", "venue_id", "poi"],
        ["lat"] = ["latitude", "y"],
        ["lon"] = ["longitude", "lng", "long", "x"],
        ["tags"] = ["categories", "category", "tag", "keywords"],
        ["user"] = ["user_id", "userid", "customer", "visitor"],
        ["place"] = ["place_id", "placeid", "business_id", "venue_id", "id", "poi"],
        ["time"] = ["timestamp", "date", "datetime", "when", "day"],
    };

    /// <summary>The two files that a source names: a folder, or two paths with the system's separator of paths between
    /// them.</summary>
    public static (string Places, string Visits) Parse(string source)
    {
        string[] parts = source.Split(Path.PathSeparator);
        return parts switch
        {
            [{ Length: > 0 } places, { Length: > 0 } visits] => (places, visits),
            [{ Length: > 0 } folder] when Directory.Exists(folder) =>
                (Path.Combine(folder, PlacesName), Path.Combine(folder, VisitsName)),
            [{ Length: > 0 } file] when File.Exists(file) => throw new ArgumentException(
                $"places: {Printable.Path(file)} is one file, and two are needed: {Wanted}"),
            _ => throw new FileNotFoundException(
                $"places: there is no folder {Printable.Path(source)}: {Wanted}", source),
        };
    }

    public static ReadPlaces Read(string source)
    {
        var (first, second) = Parse(source);
        byte[] places = Bytes(first), visits = Bytes(second);
        string name = $"{Path.GetFileName(first)} and {Path.GetFileName(second)}";
        return Read(Printable.Of(name, 80), places, visits, first, second);
    }

    /// <summary>The invented city, through the same reader.</summary>
    public static ReadPlaces Read(SyntheticCity city) => Read("invented city, embedded",
        Encoding.UTF8.GetBytes(city.PlacesCsv()), Encoding.UTF8.GetBytes(city.VisitsCsv()), PlacesName, VisitsName);

    static ReadPlaces Read(string source, byte[] placesFile, byte[] visitsFile, string placesPath, string visitsPath)
    {
        var places = Named(placesPath, () => Places(Table(placesFile, ["id", "lat", "lon", "tags"], "name")));
        var visits = Named(visitsPath, () => Visits(Table(visitsFile, ["user", "place", "lat", "lon", "time"], "tags"),
            places, Path.GetFileName(placesPath)));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(placesFile);
        hash.AppendData(visitsFile);
        return new(source, Convert.ToHexStringLower(hash.GetHashAndReset()), places, visits);
    }

    /// <summary>Tags of a field: between ; or | or , and in lower case, each once.</summary>
    public static IReadOnlyList<string> Tags(string? field) => field is null ? [] : [.. field
        .Split([';', '|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(tag => tag.ToLowerInvariant()).Distinct()];

    static byte[] Bytes(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"places: there is no file {Printable.Path(path)}: {Wanted}", path);
        return TextFile.Bytes("places", path);
    }

    /// <summary>What is said of a stream is said of the file that it was.</summary>
    static T Named<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            string says = CsvException.Of(e)?.Say(remedy => remedy.OfFile) ?? e.Message;
            throw new InvalidDataException(says.Replace("csv 'stream'", $"csv '{Printable.Path(path)}'",
                StringComparison.Ordinal), e);
        }
    }

    static Table Table(byte[] file, string[] needed, string more)
    {
        using var stream = new MemoryStream(file, writable: false);
        var table = Csv.Read(stream, new() { Header = true });
        foreach (string column in needed)
        {
            if (table.Columns.Contains(column)) continue;
            string? near = table.Columns.FirstOrDefault(name => s_meant[column].Contains(Nearest.Plain(name))
                || s_meant[column].Contains(name.ToLowerInvariant()))
                ?? Nearest.To(column, table.Columns.Except(needed));
            string meant = near is null ? "" : $"if '{Printable.Of(near, 40)}' is meant, rename it; ";
            throw new InvalidDataException($"csv 'stream': line 1 names no column '{column}': {meant}"
                + $"the columns are {string.Join(", ", needed)}, and {more} if known");
        }
        return table;
    }

    static Place[] Places(Table table)
    {
        string?[] ids = table.Texts("id"), tags = table.Texts("tags");
        string?[] names = table.Columns.Contains("name") ? table.Texts("name") : ids;
        var (latitudes, longitudes) = Locations(table);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] is not { } id)
                throw new InvalidDataException($"{table.Where("id", i)} is missing: give each place an id of its own");
            if (!seen.TryAdd(id, i))
                throw new InvalidDataException($"{table.Where("id", i)}: '{Printable.Of(id, 40)}' stands there before: "
                    + "give each place an id of its own, and one line");
        }
        if (ids.Length < 2)
            throw new InvalidDataException($"{table.Where("id", 0)}: this is the only place: give two or more to "
                + "choose among");
        return [.. ids.Select((id, i) => new Place(id!, names[i] ?? id!, latitudes[i], longitudes[i], Tags(tags[i])))];
    }

    static Visit[] Visits(Table table, Place[] places, string placesName)
    {
        var known = places.Index().ToDictionary(place => place.Item.Id, place => place.Index);
        string?[] users = table.Texts("user"), visited = table.Texts("place");
        string?[] tags = table.Columns.Contains("tags") ? table.Texts("tags") : new string?[users.Length];
        var (latitudes, longitudes) = Locations(table);
        double[] times = Times(table);
        var visits = new Visit[users.Length];
        for (int i = 0; i < visits.Length; i++)
        {
            if (users[i] is not { } user)
                throw new InvalidDataException($"{table.Where("user", i)} is missing: say who, or leave the visit out");
            if (visited[i] is not { } id)
                throw new InvalidDataException(
                    $"{table.Where("place", i)} is missing: give the id of a place, or leave the visit out");
            if (!known.TryGetValue(id, out int place))
            {
                string near = Nearest.To(id, known.Keys) is { } other
                    ? $" (the nearest id is '{Printable.Of(other, 40)}')" : "";
                throw new InvalidDataException($"{table.Where("place", i)}: no place of {Printable.Of(placesName, 80)} "
                    + $"has the id '{Printable.Of(id, 40)}'{near}: add the place, or leave the visit out");
            }
            visits[i] = new(user, place, latitudes[i], longitudes[i], times[i], Tags(tags[i]));
        }
        CheckSwapped(table, places, visits);
        return visits;
    }

    static (double[] Latitudes, double[] Longitudes) Locations(Table table)
    {
        double?[] north = table.Numbers("lat"), east = table.Numbers("lon");
        for (int i = 0; i < north.Length; i++)
        {
            foreach (var (column, degrees, most) in ((string, double?, int)[])[("lat", north[i], 90),
                ("lon", east[i], 180)])
            {
                if (degrees is { } given && Math.Abs(given) <= most) continue;
                string number = string.Create(CultureInfo.InvariantCulture, $"{degrees}");
                string swapped = column == "lat" && degrees is >= -180 and <= 180 && east[i] is >= -90 and <= 90
                    ? ": lat and lon may have changed places" : "";
                throw new InvalidDataException(degrees is null
                    ? $"{table.Where(column, i)} is missing: complete it, or leave the row out"
                    : $"{table.Where(column, i)}: {number} degrees lie outside of -{most} to {most}{swapped}: "
                        + "correct the row, or leave it out");
            }
        }
        return ([.. north.Select(x => x!.Value)], [.. east.Select(x => x!.Value)]);
    }

    /// <summary>Times as numbers: those of the file, or the days of its dates.</summary>
    static double[] Times(Table table)
    {
        if (table.IsNumeric("time"))
        {
            double?[] numbers = table.Numbers("time");
            return [.. numbers.Select((time, i) => time is { } given && double.IsFinite(given) ? given
                : throw new InvalidDataException($"{table.Where("time", i)} is missing: say when, or leave the visit "
                    + "out"))];
        }
        return [.. table.Texts("time").Select((text, i) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var time) ? time.UtcTicks / (double)TimeSpan.TicksPerDay
            : throw new InvalidDataException($"{table.Where("time", i)}: '{Printable.Of(text, 40)}' is no time: give a "
                + "number, or a date such as 2024-03-31 or 2024-03-31T18:05, in every row"))];
    }

    /// <summary>Refuses visits that begin far from their places, and near them with lat and lon swapped.</summary>
    static void CheckSwapped(Table table, Place[] places, Visit[] visits)
    {
        const double Far = 500_000;
        double Median(Func<Visit, double> distance) => visits.Select(distance).Order().ElementAt(visits.Length / 2);
        double now = Median(v => Geo.Distance(v.Latitude, v.Longitude, places[v.Place].Latitude,
            places[v.Place].Longitude));
        if (now < Far || !visits.All(v => Math.Abs(v.Longitude) <= 90)) return;
        double swapped = Median(v => Geo.Distance(v.Longitude, v.Latitude, places[v.Place].Latitude,
            places[v.Place].Longitude));
        if (swapped < now / 10)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{table.Where("lat", 0)}: half "
                + $"of all visits begin {now / 1000:N0} km or more from their places, and {swapped / 1000:N0} km if "
                + $"lat and lon change places: swap the two columns in one of the files"));
    }
}
