using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// All steps of a recurrent layer: the sums z = W x_t + b and W′ h₋ + b′, and of them, by a <see cref="ICell"/>,
/// y_t = h_t. Backward goes from the last step to the first, dz_t by the formulas of the cell with dh = dy_t + W′ᵀ
/// dz_{t+1}; then dx = dz W, dW = dzᵀ x, dW′ = dzᵀ h₋ and db, db′ = Σ dz. Inputs: x, W, W′, b, b′, h and c before the
/// first step where given. Saved: what the cells keep. Outputs: y and, where it is asked for, the last c. Threads share
/// out the sequences of the batch, which know nothing of one another, and then, for a chunk of steps at once, the rows
/// of dW and dW′, which all sequences add to.
/// </summary>
/// <param name="Cell">What a step does.</param>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Inputs">How wide x is.</param>
/// <param name="Hidden">H.</param>
/// <param name="Begun">Whether a state to begin from is given; zeros without.</param>
readonly record struct Recurrence<TCell>(TCell Cell, int Batch, int Steps, int Inputs, int Hidden, bool Begun)
    where TCell : struct, ICell
{
    // Rows that a chunk has at least, where there are as many: enough for tall products.
    const int ChunkRows = 128;

    // Sequences that a thread takes at least: a tile of a product.
    const int Grain = 8;

    /// <summary>How many steps each sequence has; all if null. Beyond its end the state stays, and y is 0.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>What a trace names.</summary>
    public (string Name, object Value)[] Attributes => Lengths is null ? [("begun", Begun)]
        : [("begun", Begun), ("lengths", Lengths)];

    int Gates => TCell.Gates * Hidden;

    int Recurrent => TCell.Recurrent * Hidden;

    int Sums => Recurrent + Gates;

    int Row => TCell.Kept * Hidden;

    static bool Remembers => TCell.Memory >= 0;

    int Chunk => Math.Min(Steps, (ChunkRows + Batch - 1) / Batch);

    public void Forward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Batch == 0) return;
        int packedX = Gemm.PackedLength<T>(Inputs, Gates), packedH = Gemm.PackedLength<T>(Hidden, Gates);
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + Sums + Hidden);
        Span<T> rest = room;
        var weights = Gemm.Pack(Inputs, Gates, new Factor<T>(f.X(1), Inputs, transposed: true),
            Take(ref rest, packedX));
        var recurrent = Gemm.Pack(Hidden, Gates, new Factor<T>(f.X(2), Hidden, transposed: true),
            Take(ref rest, packedH));
        Span<T> bias = Take(ref rest, Sums), zero = Take(ref rest, Hidden);
        f.X(3).CopyTo(bias);
        if (Recurrent == 0) TensorPrimitives.Add(bias, f.X(4), bias);
        else f.X(4).CopyTo(bias[Recurrent..]);
        zero.Clear();
        f.Save([Steps, Batch, Row]);
        ForRows.Run(Batch, Grain, (long)Steps * Gates * (Inputs + Hidden), Gemm.ThreadWorth,
            new ForwardWork<T>(this, f, weights, recurrent, bias, zero));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>All steps of a range of sequences.</summary>
    readonly ref struct ForwardWork<T>(Recurrence<TCell> s, Frame<T> f, Factor<T> weights, Factor<T> recurrent,
        ReadOnlySpan<T> bias, ReadOnlySpan<T> zero) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly Frame<T> _f = f;
        readonly Factor<T> _weights = weights, _recurrent = recurrent;
        readonly ReadOnlySpan<T> _bias = bias, _zero = zero;

        public void Run(int from, int to)
        {
            for (int t = 0; t < s.Steps; t++)
            {
                var step = _f.Saved()[((t * s.Batch + from) * s.Row)..];
                Gemm.Multiply(to - from, s.Inputs, s.Gates, s.Shown(_f.X(), t, from), _weights, step,
                    s.Row, add: false);
                bool goesOn = t > 0 || s.Begun;
                if (goesOn)
                    Gemm.Multiply(to - from, s.Hidden, s.Gates, s.Before(_f, t, from), _recurrent, step[s.Recurrent..],
                        s.Row, add: s.Recurrent == 0);
                for (int b = from; b < to; b++)
                {
                    var row = step.Slice((b - from) * s.Row, s.Row);
                    var y = _f.Y.Slice((b * s.Steps + t) * s.Hidden, s.Hidden);
                    if (s.IsOver(t, b)) s.Stay(_f, t, b, row, y);
                    else
                    {
                        if (!goesOn) row[s.Gates..s.Sums].Clear();
                        s.Cell.Forward(row, _bias, s.HiddenBefore(_f, t, b, _zero), s.MemoryBefore(_f, t, b, _zero));
                        row.Slice(TCell.Hidden * s.Hidden, s.Hidden).CopyTo(y);
                    }
                    if (_f.Outputs > 1 && t == s.Steps - 1)
                        row.Slice(TCell.Memory * s.Hidden, s.Hidden).CopyTo(_f.Output(1)[(b * s.Hidden)..]);
                }
            }
        }
    }

    public void Backward<T>(Frame<T> f) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Batch == 0) return;
        int packedX = Gemm.PackedLength<T>(Gates, Inputs), packedH = Gemm.PackedLength<T>(Gates, Hidden),
            state = Batch * Hidden, chunk = Chunk;
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + 2 * state + Hidden + 2 * Sums
            + chunk * Batch * (Sums + Inputs));
        Span<T> rest = room;
        var weights = Gemm.Pack(Gates, Inputs, new Factor<T>(f.X(1), Inputs), Take(ref rest, packedX));
        var recurrent = Gemm.Pack(Gates, Hidden, new Factor<T>(f.X(2), Hidden), Take(ref rest, packedH));
        Span<T> dh = Take(ref rest, state), dc = Take(ref rest, state), zero = Take(ref rest, Hidden),
            sum = Take(ref rest, Sums), part = Take(ref rest, Sums);
        Span<T> dz = Take(ref rest, chunk * Batch * Sums), x = Take(ref rest, chunk * Batch * Inputs),
            dx = f.RequiresGrad() ? f.DX() : default;
        zero.Clear();
        sum.Clear();
        dh.Clear();
        if (f.Outputs > 1) f.DOutput(1).CopyTo(dc);
        else dc.Clear();
        for (int end = Steps, from; end > 0; end = from)
        {
            from = Math.Max(0, end - chunk);
            long work = (long)(end - from) * Gates * (Inputs + Hidden);
            ForRows.Run(Batch, Grain, work, Gemm.ThreadWorth,
                new BackwardWork<T>(this, f, from, end, weights, recurrent, zero, dh, dc, dz, x, dx));
            Rows.Sum(dz[..((end - from) * Batch * Sums)], part);
            TensorPrimitives.Add(sum, part, sum);
            AddChunk(f, from, end - from, dz, x);
        }
        if (f.RequiresGrad(3)) TensorPrimitives.Add(f.DX(3), sum[..Gates], f.DX(3));
        if (f.RequiresGrad(4)) TensorPrimitives.Add(f.DX(4), sum[Recurrent..], f.DX(4));
        if (Begun && f.RequiresGrad(5)) TensorPrimitives.Add(f.DX(5), dh, f.DX(5));
        if (Begun && Remembers && f.RequiresGrad(6)) TensorPrimitives.Add(f.DX(6), dc, f.DX(6));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>
    /// A chunk of steps of a range of sequences, from the last on: dz, what goes on to the step before, dx; and x as
    /// the chunk's products need it.
    /// </summary>
    readonly ref struct BackwardWork<T>(Recurrence<TCell> s, Frame<T> f, int first, int end, Factor<T> weights,
        Factor<T> recurrent, ReadOnlySpan<T> zero, Span<T> dh, Span<T> dc, Span<T> dz, Span<T> x, Span<T> dx) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly Frame<T> _f = f;
        readonly Factor<T> _weights = weights, _recurrent = recurrent;
        readonly ReadOnlySpan<T> _zero = zero;
        readonly Span<T> _dh = dh, _dc = dc, _dz = dz, _x = x, _dx = dx;

        public void Run(int from, int to)
        {
            int n = s.Hidden;
            for (int t = end - 1; t >= first; t--)
            {
                int at = (t - first) * s.Batch;
                for (int b = from; b < to; b++)
                {
                    if (s.IsOver(t, b))
                    {
                        _dz.Slice((at + b) * s.Sums, s.Sums).Clear();
                        _x.Slice((at + b) * s.Inputs, s.Inputs).Clear();
                        continue;
                    }
                    s.Cell.Backward(_f.Saved().Slice((t * s.Batch + b) * s.Row, s.Row), s.HiddenBefore(_f, t, b, _zero),
                        s.MemoryBefore(_f, t, b, _zero), _f.DY.Slice((b * s.Steps + t) * n, n), _dh.Slice(b * n, n),
                        _dc.Slice(b * n, n), _dz.Slice((at + b) * s.Sums, s.Sums));
                    _f.X().Slice((b * s.Steps + t) * s.Inputs, s.Inputs).CopyTo(_x[((at + b) * s.Inputs)..]);
                }
                var rows = _dz[((at + from) * s.Sums)..];
                if (t > 0 || s.Begun)
                    Gemm.Multiply(to - from, s.Gates, n, new(rows[s.Recurrent..], s.Sums), _recurrent,
                        _dh[(from * n)..], n, add: TCell.Skips);
                if (!_dx.IsEmpty)
                    Gemm.Multiply(to - from, s.Gates, s.Inputs, new(rows, s.Sums), _weights,
                        _dx[((from * s.Steps + t) * s.Inputs)..], s.Steps * s.Inputs, add: true);
            }
        }
    }

    /// <summary>What a chunk of steps adds to the gradients of W and W′.</summary>
    void AddChunk<T>(Frame<T> f, int from, int count, ReadOnlySpan<T> dz, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (f.RequiresGrad(1))
            Gemm.Multiply(Gates, count * Batch, Inputs, new(dz, Sums, transposed: true), new Factor<T>(x, Inputs),
                f.DX(1), Inputs, add: true);
        if (!f.RequiresGrad(2)) return;
        var turned = new Factor<T>(dz[Recurrent..], Sums, transposed: true);
        if (from == 0 && Begun)
            Gemm.Multiply(Gates, Batch, Hidden, turned, Before(f, 0, 0), f.DX(2), Hidden, add: true);
        int first = Math.Max(1, from), rows = (from + count - first) * Batch;
        if (rows > 0) turned = new(dz[((first - from) * Batch * Sums + Recurrent)..], Sums, transposed: true);
        if (rows > 0) Gemm.Multiply(Gates, rows, Hidden, turned, Before(f, first, 0), f.DX(2), Hidden, add: true);
    }

    /// <summary>Whether a sequence ended before a step.</summary>
    bool IsOver(int t, int b) => Lengths is not null && t >= Lengths[b];

    /// <summary>A step beyond the end: the state of the step before is kept, and y is 0.</summary>
    void Stay<T>(Frame<T> f, int t, int b, Span<T> row, Span<T> y) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        row.Clear();
        HiddenBefore(f, t, b, default).CopyTo(row[(TCell.Hidden * Hidden)..]);
        if (Remembers) MemoryBefore(f, t, b, default).CopyTo(row[(TCell.Memory * Hidden)..]);
        y.Clear();
    }

    /// <summary>x of a step, from a sequence on.</summary>
    Factor<T> Shown<T>(ReadOnlySpan<T> x, int t, int b) => new(x[((b * Steps + t) * Inputs)..], Steps * Inputs);

    /// <summary>h of the step before, from a sequence on and, read on, of all steps after it.</summary>
    Factor<T> Before<T>(Frame<T> f, int t, int b) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t == 0 ? new(f.X(5)[(b * Hidden)..], Hidden)
            : new(f.Saved()[(((t - 1) * Batch + b) * Row + TCell.Hidden * Hidden)..], Row);

    /// <summary>h of the step before of one sequence.</summary>
    ReadOnlySpan<T> HiddenBefore<T>(Frame<T> f, int t, int b, ReadOnlySpan<T> zero)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t > 0 || Begun ? Before(f, t, b).Numbers[..Hidden] : zero;

    /// <summary>c of the step before of one sequence; empty for a cell without one.</summary>
    ReadOnlySpan<T> MemoryBefore<T>(Frame<T> f, int t, int b, ReadOnlySpan<T> zero)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !Remembers ? default
        : t > 0 ? f.Saved().Slice(((t - 1) * Batch + b) * Row + TCell.Memory * Hidden, Hidden)
        : Begun ? f.X(6).Slice(b * Hidden, Hidden) : zero;

    static Span<T> Take<T>(ref Span<T> room, int count)
    {
        var taken = room[..count];
        room = room[count..];
        return taken;
    }
}
