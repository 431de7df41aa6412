using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Tables.Tests;

/// <summary>A row with a list in it, as a library of Parquet writes it.</summary>
public sealed class House
{
    public double Size { get; set; }

    [SuppressMessage("Usage", "CA2227", Justification = "The library that writes it sets it.")]
    public List<int>? Rooms { get; set; }
}
