using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// Walks over the ids row by row, and tells where in x each one picks: <see cref="From"/> is the place of the pick
/// at 0 along the axis.
/// </summary>
ref struct Picks
{
    readonly ReadOnlySpan<int> _sizes;
    readonly Span<int> _strides, _index;
    readonly int _axis;

    public readonly int Stride;

    public int From;

    public Picks(Shape x, Shape ids, int axis, Span<int> room)
    {
        _axis = axis;
        _sizes = ids.Span;
        _strides = room[..ids.Rank];
        _index = room.Slice(Shape.MaxRank, ids.Rank);
        Moves.Strides(x.Span, _strides);
        _index.Clear();
        Stride = _strides[axis];
    }

    public void Step()
    {
        for (int d = _sizes.Length - 1; d >= 0; d--)
        {
            int stride = d == _axis ? 0 : _strides[d];
            From += stride;
            if (++_index[d] < _sizes[d]) return;
            From -= stride * _sizes[d];
            _index[d] = 0;
        }
    }
}
