namespace ChainRule.Zoo.Places;

/// <summary>
/// Queries and candidates as numbers: B queries are each compared with the same C places, T tags are known. Users and
/// places have the id 0 where nothing was learned of them.
/// </summary>
/// <param name="Users">[B], from 0, a user never seen.</param>
/// <param name="Tags">[B, T], what each query looks for: a vector of length 1, or zeros.</param>
/// <param name="Profile">[B, T], the tags of the places that the user visited: a vector of length 1, or zeros.</param>
/// <param name="Locations">[B, 3], where each query is: a standardised direction from the Earth's centre.</param>
/// <param name="Places">[C], from 0, a place never visited.</param>
/// <param name="PlaceTags">[C, T]: vectors of length 1, or zeros.</param>
/// <param name="PlaceLocations">[C, 3].</param>
/// <param name="Features">[B, C, <see cref="PlaceFeatures.Count"/>]: what is known of each pair.</param>
public sealed record PlaceBatch(Ids Users, Tensor Tags, Tensor Profile, Tensor Locations, Ids Places, Tensor PlaceTags,
    Tensor PlaceLocations, Tensor Features)
{
    /// <summary>The same in another type of numbers.</summary>
    public PlaceBatch To(DType dtype) => this with
    {
        Tags = Tags.To(dtype), Profile = Profile.To(dtype), Locations = Locations.To(dtype),
        PlaceTags = PlaceTags.To(dtype), PlaceLocations = PlaceLocations.To(dtype), Features = Features.To(dtype),
    };
}

/// <summary>
/// What is known of a query and a place. Distance is z = ln(1 + d/u), where u is the median distance of a visit, and
/// z beyond three knots: a curve of straight pieces, which goes on beyond the farthest.
/// </summary>
public static class PlaceFeatures
{
    /// <summary>z; max(z − 0.5, 0), max(z − 1, 0), max(z − 2, 0).</summary>
    public const int Distance = 0, Distances = 4;

    /// <summary>The cosine of the query's tags and the place's.</summary>
    public const int SharedTags = 4;

    /// <summary>The cosine of the tags of the places that the user visited, and the place's.</summary>
    public const int Profile = 5;

    /// <summary>ln(1 + visits of the place), less its mean over all places.</summary>
    public const int Popularity = 6;

    /// <summary>ln(1 + the user's own visits of the place).</summary>
    public const int Visited = 7;

    /// <summary>How many there are.</summary>
    public const int Count = 8;

    internal static void Distances4(double z, Span<float> to) =>
        (to[0], to[1], to[2], to[3]) = ((float)z, (float)Math.Max(z - 0.5, 0), (float)Math.Max(z - 1, 0),
            (float)Math.Max(z - 2, 0));
}
