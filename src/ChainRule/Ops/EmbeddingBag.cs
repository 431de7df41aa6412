using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>What becomes of the rows of a bag.</summary>
public enum BagMode
{
    /// <summary>They are added up.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest number of each column.</summary>
    Max,
}

/// <summary>
/// y[b] = Σ w[ids[i]] over the ids of bag b, or their mean, or the largest of each column; dw[ids[i]] += dy[b], over
/// the size of the bag for a mean, and for the largest at the first of equals. A bag of nothing is 0.
/// </summary>
/// <param name="ids">All ids that count.</param>
/// <param name="bags">Which bag each of them is in, in rising order.</param>
/// <param name="count">How many bags there are.</param>
/// <param name="width">How wide rows are.</param>
/// <param name="mode">What becomes of them.</param>
readonly struct EmbeddingBag(int[] ids, int[] bags, int count, int width, BagMode mode) : IOp
{
    /// <summary>The bags as they were given, a bag a row; null where they were given by offsets.</summary>
    public Ids? Given { get; init; }

    /// <summary>The id that does not count.</summary>
    public int? PaddingIndex { get; init; }

    (string Name, object Value)[] IOp.Attributes => Given is null ? [("mode", mode)]
        : [("mode", mode), ("ids", Given), ("paddingIndex", PaddingIndex ?? -1)];

    OpText IOp.Text => mode switch
    {
        BagMode.Max => new("y[b] = the largest x[ids[i]] over bag b",
            "dx[r] = Σ dy[b] over the bags b whose largest it is"),
        BagMode.Mean => new("y[b] = mean of x[ids[i]] over bag b", "dx[r] = Σ dy[b] / (ids of bag b) over its bags b"),
        _ => new("y[b] = Σ x[ids[i]] over bag b", "dx[r] = Σ dy[b] over its bags b"),
    };

    // Threads that go through columns touch lines of their own.
    const int Grain = 64;

    void IOp.Forward<T>(Frame<T> f)
    {
        var y = f.Y;
        y.Clear();
        if (mode == BagMode.Max)
        {
            ForRows.Run(width, Grain, ids.Length, ForRows.Numbers, new Largest<T>(ids, bags, width, f.X(), y));
            return;
        }
        RowScatter.Add(bags, f.X(), y, width, ids);
        if (mode == BagMode.Mean) Divide<T>(y, y);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (!f.RequiresGrad()) return;
        var dx = f.DX();
        if (mode == BagMode.Max)
        {
            ForRows.Run(width, Grain, ids.Length, ForRows.Numbers,
                new AddLargest<T>(ids, bags, width, f.X(), f.Y, f.DY, dx));
        }
        else if (mode == BagMode.Sum)
        {
            RowScatter.Add(ids, f.DY, dx, width, bags);
        }
        else
        {
            T[] room = ArrayPool<T>.Shared.Rent(f.DY.Length);
            var mean = room.AsSpan(0, f.DY.Length);
            Divide(f.DY, mean);
            RowScatter.Add<T>(ids, mean, dx, width, bags);
            ArrayPool<T>.Shared.Return(room);
        }
    }

    /// <summary>y = x / how many ids are in each bag; 0 for an empty bag.</summary>
    void Divide<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, INumber<T>
    {
        for (int bag = 0, at = 0; bag < count; bag++)
        {
            int first = at;
            while (at < bags.Length && bags[at] == bag) at++;
            TensorPrimitives.Divide(x.Slice(bag * width, width), T.CreateTruncating(Math.Max(1, at - first)),
                y.Slice(bag * width, width));
        }
    }

    /// <summary>The largest of a range of columns; NaN is larger than all.</summary>
    readonly ref struct Largest<T>(ReadOnlySpan<int> ids, ReadOnlySpan<int> bags, int width, ReadOnlySpan<T> x,
        Span<T> y) : IRowWork where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<int> _ids = ids, _bags = bags;
        readonly ReadOnlySpan<T> _x = x;
        readonly Span<T> _y = y;

        public void Run(int from, int to)
        {
            for (int i = 0; i < _ids.Length; i++)
            {
                var row = _x.Slice(_ids[i] * width + from, to - from);
                var most = _y.Slice(_bags[i] * width + from, to - from);
                if (i == 0 || _bags[i] != _bags[i - 1]) row.CopyTo(most);
                else TensorPrimitives.Max(most, row, most);
            }
        }
    }

    /// <summary>dx at the first of the largest, for a range of columns.</summary>
    readonly ref struct AddLargest<T>(
        ReadOnlySpan<int> ids, ReadOnlySpan<int> bags, int width, ReadOnlySpan<T> x, ReadOnlySpan<T> y,
        ReadOnlySpan<T> dy, Span<T> dx) : IRowWork
        where T : unmanaged, INumber<T>
    {
        readonly ReadOnlySpan<int> _ids = ids, _bags = bags;
        readonly ReadOnlySpan<T> _x = x, _y = y, _dy = dy;
        readonly Span<T> _dx = dx;

        public void Run(int from, int to)
        {
            for (int column = from; column < to; column++)
            {
                for (int i = 0, found = -1; i < _ids.Length; i++)
                {
                    if (found == _bags[i]) continue;
                    T value = _x[_ids[i] * width + column], most = _y[_bags[i] * width + column];
                    if (value != most && !(T.IsNaN(value) && T.IsNaN(most))) continue;
                    _dx[_ids[i] * width + column] += _dy[_bags[i] * width + column];
                    found = _bags[i];
                }
            }
        }
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The rows of each bag of ids, added up, averaged, or the largest number of each column: of this, [V, C], by
    /// ids [B, T], a bag a row, → [B, C]. It is <see cref="Rows(Ids)"/> and a reduction, without the rows in
    /// between. A bag of nothing is 0.
    /// </summary>
    /// <param name="ids">[B, T], a bag a row; or with offsets a vector, all bags one behind the other.</param>
    /// <param name="mode">What becomes of the rows of a bag.</param>
    /// <param name="offsets">Where each bag begins among the ids: a vector that begins with 0 and does not fall. The
    /// last bag ends with the ids.</param>
    /// <param name="paddingIndex">An id that does not count, such as what fills short bags up; none if null.</param>
    /// <param name="perSampleWeights">What each row is multiplied by before they are added up, in the shape of the ids;
    /// 1 if null. For sums alone.</param>
    /// <exception cref="ArgumentException">Shapes disagree, the offsets are none, or weights are given and rows are
    /// not added up.</exception>
    public Tensor EmbeddingBag(
        Ids ids, BagMode mode = BagMode.Mean, Ids? offsets = null, int? paddingIndex = null,
        Tensor? perSampleWeights = null)
    {
        Throw.IfNull(ids, "embedding bag");
        var shape = Shape;
        if (shape.Rank != 2) Throw.Argument($"embedding bag of {shape}: give a matrix, one row for each id");
        if (!Enum.IsDefined(mode))
            Throw.OutOfRange($"embedding bag: {(int)mode} is no mode: give one of BagMode", nameof(mode));
        if (paddingIndex is { } index && (index < 0 || index >= shape[0]))
            Throw.OutOfRange($"embedding bag of {shape}: padding index {index}: {Throw.Run("rows", shape[0])}",
                nameof(paddingIndex));
        if (!ids.AreBelow(shape[0])) ids.CheckBelow(shape[0], $"embedding bag of {shape}");
        int count = offsets is null ? CheckBags(ids) : CheckOffsets(ids, offsets), width = ids.Shape[^1];
        CheckWeights(ids, mode, perSampleWeights);
        List<int> counted = new(ids.Count), bags = new(ids.Count), places = new(ids.Count);
        for (int i = 0, bag = -1; i < ids.Count; i++)
        {
            if (offsets is null) bag = i / width;
            else while (bag + 1 < count && offsets[bag + 1] <= i) bag++;
            if (ids[i] == paddingIndex) continue;
            counted.Add(ids[i]);
            bags.Add(bag);
            places.Add(i);
        }
        Shape result = [count, shape[1]];
        if (perSampleWeights is { } weights)
            return ChainRule.Op.Run(new WeightedBag([.. counted], [.. bags], [.. places], shape[1]), result,
                this, weights);
        return ChainRule.Op.Run(new EmbeddingBag([.. counted], [.. bags], count, shape[1], mode)
            { Given = offsets is null ? ids : null, PaddingIndex = paddingIndex }, result, this);
    }

    static void CheckWeights(Ids ids, BagMode mode, Tensor? weights)
    {
        if (weights is not { } given) return;
        if (mode != BagMode.Sum)
            Throw.Argument($"embedding bag: weights of rows with {mode}: only sums are weighted: give BagMode.Sum",
                "perSampleWeights");
        if (given.Shape != ids.Shape)
            Throw.Argument(
                $"embedding bag: ids of {ids.Shape} with weights of {given.Shape}: give one weight for each id",
                "perSampleWeights");
    }

    static int CheckBags(Ids ids)
    {
        if (ids.Shape.Rank != 2)
            Throw.Argument($"embedding bag: ids of {ids.Shape}: give [bags, ids of each], or a vector of ids with "
                + "offsets", nameof(ids));
        return ids.Shape[0];
    }

    static int CheckOffsets(Ids ids, Ids offsets)
    {
        if (ids.Shape.Rank != 1 || offsets.Shape.Rank != 1)
            Throw.Argument($"embedding bag: ids of {ids.Shape} with offsets of {offsets.Shape}: give a vector of "
                + "either", nameof(ids));
        for (int i = 0; i < offsets.Count; i++)
            if (offsets[i] > ids.Count || offsets[i] < (i == 0 ? 0 : offsets[i - 1]) || i == 0 && offsets[i] != 0)
                Throw.Argument($"embedding bag: offset {i} is {offsets[i]}: offsets begin with 0, do not fall, and are "
                    + $"{ids.Count} or less, the number of ids",
                    nameof(offsets));
        if (offsets.Count == 0 && ids.Count > 0)
            Throw.Argument($"embedding bag: {ids.Count} ids and no offsets: the first bag begins at 0",
                nameof(offsets));
        return offsets.Count;
    }
}
