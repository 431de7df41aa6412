namespace ChainRule.Zoo.Datasets;

/// <summary>A data set as its authors published it.</summary>
/// <param name="Name">What `chainrule data get` calls it.</param>
/// <param name="Summary">What it is, in a line.</param>
/// <param name="Files">Its files; all of them are needed.</param>
/// <param name="Origin">Who made it, and whose copy this is.</param>
/// <param name="Licence">The licence it comes under, or null where none is on record here.</param>
public sealed record PublishedSet(string Name, string Summary, IReadOnlyList<PublishedFile> Files, string Origin,
    string? Licence = null);
