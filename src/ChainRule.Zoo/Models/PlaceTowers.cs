using ChainRule.Layers;
using ChainRule.Randomness;
using ChainRule.Zoo.Places;
using ChainRule.Zoo.Settings;

namespace ChainRule.Zoo.Models;

/// <summary>The sizes of a <see cref="PlaceTowers"/>.</summary>
/// <param name="Hidden">Units of the hidden layer of each tower.</param>
/// <param name="Factors">Numbers of an embedding, and numbers that each tower ends in.</param>
/// <param name="IdDropout">The probability with which a user or a place is taken in training for one of whom nothing
/// is known, so that such are learned too.</param>
/// <param name="Dropout">The probability with which a hidden unit is set to 0 in training.</param>
public sealed record PlaceTowersOptions(
    [Limits(1, ModelOptions.Largest)] int Hidden = 64,
    [Limits(1, ModelOptions.Largest)] int Factors = 16,
    [Limits(0, 1, BelowMost = true)] double IdDropout = 0.1,
    [Limits(0, 1, BelowMost = true)] double Dropout = 0.2) : ModelOptions;

/// <summary>
/// Scores places for queries. A softmax over the scores is the probability that the user visits each. Two towers: the
/// one makes a vector q of a user (of the tags that are looked for, those of places visited before and the location,
/// and an embedding of the user), the other a vector p of a place (of its tags and location, and an embedding of the
/// place). The taste is q · p. What is known of the pair, <see cref="PlaceFeatures"/>, has weights that depend on the
/// user: one walks farther than another.
/// <code lang="math">
/// q = W h + U_{user}, \quad p = W' g + V_{place}, \quad s = q \cdot p + \sum_k (w + A\,[h, U_{user}])_k x_k
/// </code>
/// A score is a sum, so that what distance, tags and popularity add to it can be told apart. All scores start near 0:
/// the first loss is the expected initial loss, ln(places).
/// </summary>
/// <remarks>Yi et al., Sampling-bias-corrected neural modeling for large corpus item recommendations, 2019.</remarks>
public sealed class PlaceTowers : Module
{
    readonly double _idDropout;
    readonly RandomSource _rng;

    /// <param name="options">Its sizes.</param>
    /// <param name="users">How many users are known.</param>
    /// <param name="places">How many places there are.</param>
    /// <param name="tags">How many tags there are.</param>
    /// <param name="rng">Where the first weights are drawn from, and what dropout draws from.</param>
    /// <exception cref="ArgumentException">A size is outside of its limits.</exception>
    public PlaceTowers(PlaceTowersOptions options, int users, int places, int tags, RandomSource rng)
    {
        options.Check("towers");
        (_idDropout, _rng) = (options.IdDropout, rng);
        Users = new(users + 1, options.Factors, rng);
        Places = new(places + 1, options.Factors, rng);
        Query = Tower(2 * tags + 3, options, rng);
        QueryOut = new(options.Hidden, options.Factors, rng);
        Place = Tower(tags + 3, options, rng);
        PlaceOut = new(options.Hidden, options.Factors, rng);
        Weights = new(options.Hidden + options.Factors, PlaceFeatures.Count, rng);
        foreach (var small in (Tensor[])[Users.Weight, Places.Weight, QueryOut.Weight, Weights.Weight])
            Scale(small, 0.1);
        Scale(Weights.Bias!.Value, 0);
    }

    /// <summary>A row for each user; row 0 stands for one never seen.</summary>
    public Embedding Users { get; }

    /// <summary>A row for each place; row 0 stands for one never visited.</summary>
    public Embedding Places { get; }

    /// <summary>The hidden layer of the user's tower.</summary>
    public Sequential Query { get; }

    /// <summary>What of q does not depend on who asks.</summary>
    public Linear QueryOut { get; }

    /// <summary>The hidden layer of the place's tower.</summary>
    public Sequential Place { get; }

    /// <summary>What of p follows from tags and location.</summary>
    public Linear PlaceOut { get; }

    /// <summary>The weights of what is known, of the user's hidden layer and embedding.</summary>
    public Linear Weights { get; }

    /// <summary>The score of each place for each query, [B, C].</summary>
    public Tensor Score(PlaceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (weights, taste) = Parts(batch);
        var shape = batch.Features.Shape;
        return Seen(taste + batch.Features.MatMul(weights.Reshape([shape[0], shape[2], 1])).Reshape([shape[0],
            shape[1]]));
    }

    /// <summary>The weights of what is known, [B, <see cref="PlaceFeatures.Count"/>], and the taste, [B, C].</summary>
    public (Tensor Weights, Tensor Taste) Parts(PlaceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var h = Query.Forward(Tensor.Concat(1, batch.Tags, batch.Profile, batch.Locations));
        var g = Place.Forward(Tensor.Concat(1, batch.PlaceTags, batch.PlaceLocations));
        Tensor user = Users.Forward(Dropped(batch.Users)), place = Places.Forward(Dropped(batch.Places));
        return (Weights.Forward(Tensor.Concat(1, h, user)),
            (QueryOut.Forward(h) + user).MatMul(PlaceOut.Forward(g) + place, transposeB: true));
    }

    Ids Dropped(Ids ids)
    {
        if (!Training || _idDropout == 0) return ids;
        int[] left = ids.Span.ToArray();
        foreach (ref int id in left.AsSpan()) if (_rng.NextDouble() < _idDropout) id = 0;
        return Ids.From(left);
    }

    static Sequential Tower(int inputs, PlaceTowersOptions options, RandomSource rng) => options.Dropout == 0
        ? new(new Linear(inputs, options.Hidden, rng), new Gelu())
        : new(new Linear(inputs, options.Hidden, rng), new Gelu(), new Dropout(options.Dropout, rng));

    static void Scale(Tensor weights, double by)
    {
        using var quiet = NoGrad.Begin();
        weights.CopyInPlace(weights * by);
    }
}
