namespace ChainRule.Zoo.Places;

/// <summary>A place that can be recommended.</summary>
/// <param name="Id">What it is called in the files.</param>
/// <param name="Name">What it is called for people; the id where the file has no names.</param>
/// <param name="Latitude">In degrees, north positive.</param>
/// <param name="Longitude">In degrees, east positive.</param>
/// <param name="Tags">What it is about, in lower case; may be empty.</param>
public sealed record Place(string Id, string Name, double Latitude, double Longitude, IReadOnlyList<string> Tags);

/// <summary>A visit of a user to a place.</summary>
/// <param name="User">Who.</param>
/// <param name="Place">The number of the place, in the order of the file of places.</param>
/// <param name="Latitude">Where the user was before, in degrees.</param>
/// <param name="Longitude">Where the user was before, in degrees.</param>
/// <param name="Time">When: days, or whatever the file counts in.</param>
/// <param name="Tags">What the user looked for, in lower case; may be empty.</param>
sealed record Visit(string User, int Place, double Latitude, double Longitude, double Time,
    IReadOnlyList<string> Tags);

/// <summary>Places and visits as they were read.</summary>
/// <param name="Source">What they are called.</param>
/// <param name="Sha256">The hash of both files.</param>
/// <param name="Places">All places.</param>
/// <param name="Visits">All visits, in the order of the file.</param>
sealed record ReadPlaces(string Source, string Sha256, IReadOnlyList<Place> Places, IReadOnlyList<Visit> Visits);
