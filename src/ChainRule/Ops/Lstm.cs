using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// z = W x_t + b + W′ h₋ + b′ in four parts of H; i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ); c_t = f c₋ + i g; y_t = h_t = o tanh c_t.
/// Backward goes from the last step to the first, dz_t by the formulas of <see cref="LstmCell"/> with dh = dy_t + W′ᵀ dz_{t+1}; then
/// dx = dz W, dW = dzᵀ x, dW′ = dzᵀ h₋ and db = db′ = Σ dz. Inputs: x, W, W′, b, b′, h and c before the first step where given, and a note of what the
/// cells keep. Threads share out the sequences of the batch, which know nothing of one another, and then, for a chunk of steps at once, the rows of
/// dW and dW′, which all sequences add to.
/// </summary>
/// <param name="Batch">B.</param>
/// <param name="Steps">T.</param>
/// <param name="Inputs">How wide x is.</param>
/// <param name="Hidden">H.</param>
/// <param name="Begun">Whether a state to begin from is given; zeros without.</param>
/// <param name="Ends">Whether the output has one more row than there are steps: the last cell.</param>
readonly record struct Lstm(int Batch, int Steps, int Inputs, int Hidden, bool Begun, bool Ends) : IOp
{
    // Rows that a chunk has at least, where there are as many: enough for tall products.
    const int ChunkRows = 128;

    // Sequences that a thread takes at least: a tile of a product.
    const int Grain = 8;

    int IOp.Notes => 1;

    int Gates => 4 * Hidden;

    int Row => LstmCell.Kept * Hidden;

    int Note => Begun ? 7 : 5;

    int Places => Ends ? Steps + 1 : Steps;

    int Chunk => Math.Min(Steps, (ChunkRows + Batch - 1) / Batch);

    void IOp.Forward<T>(Frame<T> f)
    {
        if (Batch == 0) return;
        int packedX = Gemm.PackedLength<T>(Inputs, Gates), packedH = Gemm.PackedLength<T>(Hidden, Gates);
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + Gates + Hidden);
        Span<T> rest = room;
        var weights = Gemm.Pack(Inputs, Gates, new Factor<T>(f.X(1), Inputs, transposed: true), Take(ref rest, packedX));
        var recurrent = Gemm.Pack(Hidden, Gates, new Factor<T>(f.X(2), Hidden, transposed: true), Take(ref rest, packedH));
        Span<T> bias = Take(ref rest, Gates), zero = Take(ref rest, Hidden);
        TensorPrimitives.Add(f.X(3), f.X(4), bias);
        zero.Clear();
        ForRows.Run(Batch, Grain, (long)Steps * Gates * (Inputs + Hidden), Gemm.ThreadWorth, new ForwardWork<T>(this, f, weights, recurrent, bias, zero));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>All steps of a range of sequences.</summary>
    readonly ref struct ForwardWork<T>(Lstm s, Frame<T> f, Factor<T> weights, Factor<T> recurrent, ReadOnlySpan<T> bias, ReadOnlySpan<T> zero) : IRowWork
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        readonly Frame<T> _f = f;
        readonly Factor<T> _weights = weights, _recurrent = recurrent;
        readonly ReadOnlySpan<T> _bias = bias, _zero = zero;

        public void Run(int from, int to)
        {
            for (int t = 0; t < s.Steps; t++)
            {
                var step = _f.Note(s.Note)[((t * s.Batch + from) * s.Row)..];
                Gemm.Multiply(to - from, s.Inputs, s.Gates, s.Shown(_f.X(), t, from), _weights, step, s.Row, add: false);
                if (t > 0 || s.Begun) Gemm.Multiply(to - from, s.Hidden, s.Gates, s.Before(_f, t, from), _recurrent, step, s.Row, add: true);
                for (int b = from; b < to; b++)
                {
                    var row = step.Slice((b - from) * s.Row, s.Row);
                    LstmCell.Forward(row, _bias, s.CellBefore(_f, t, b, _zero));
                    row.Slice(LstmCell.Hidden * s.Hidden, s.Hidden).CopyTo(_f.Y[((b * s.Places + t) * s.Hidden)..]);
                    if (s.Ends && t == s.Steps - 1) row.Slice(LstmCell.Cell * s.Hidden, s.Hidden).CopyTo(_f.Y[((b * s.Places + s.Steps) * s.Hidden)..]);
                }
            }
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (Batch == 0) return;
        int packedX = Gemm.PackedLength<T>(Gates, Inputs), packedH = Gemm.PackedLength<T>(Gates, Hidden), state = Batch * Hidden, chunk = Chunk;
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + 2 * state + Hidden + 2 * Gates + chunk * Batch * (Gates + Inputs));
        Span<T> rest = room;
        var weights = Gemm.Pack(Gates, Inputs, new Factor<T>(f.X(1), Inputs), Take(ref rest, packedX));
        var recurrent = Gemm.Pack(Gates, Hidden, new Factor<T>(f.X(2), Hidden), Take(ref rest, packedH));
        Span<T> dh = Take(ref rest, state), dc = Take(ref rest, state), zero = Take(ref rest, Hidden), sum = Take(ref rest, Gates), part = Take(ref rest, Gates);
        Span<T> dz = Take(ref rest, chunk * Batch * Gates), x = Take(ref rest, chunk * Batch * Inputs), dx = f.Wants() ? f.DX() : default;
        zero.Clear();
        sum.Clear();
        dh.Clear();
        for (int b = 0; b < Batch; b++) (Ends ? f.DY.Slice((b * Places + Steps) * Hidden, Hidden) : zero).CopyTo(dc[(b * Hidden)..]);
        for (int end = Steps, from; end > 0; end = from)
        {
            from = Math.Max(0, end - chunk);
            long work = (long)(end - from) * Gates * (Inputs + Hidden);
            ForRows.Run(Batch, Grain, work, Gemm.ThreadWorth, new BackwardWork<T>(this, f, from, end, weights, recurrent, zero, dh, dc, dz, x, dx));
            Rows.Sum(dz[..((end - from) * Batch * Gates)], part);
            TensorPrimitives.Add(sum, part, sum);
            AddChunk(f, from, end - from, dz, x);
        }
        if (f.Wants(3)) TensorPrimitives.Add(f.DX(3), sum, f.DX(3));
        if (f.Wants(4)) TensorPrimitives.Add(f.DX(4), sum, f.DX(4));
        if (Begun && f.Wants(5)) TensorPrimitives.Add(f.DX(5), dh, f.DX(5));
        if (Begun && f.Wants(6)) TensorPrimitives.Add(f.DX(6), dc, f.DX(6));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>A chunk of steps of a range of sequences, from the last on: dz, what goes on to the step before, dx; and x as the chunk's products need it.</summary>
    readonly ref struct BackwardWork<T>(Lstm s, Frame<T> f, int first, int end, Factor<T> weights, Factor<T> recurrent, ReadOnlySpan<T> zero,
        Span<T> dh, Span<T> dc, Span<T> dz, Span<T> x, Span<T> dx) : IRowWork where T : unmanaged, IBinaryFloatingPointIeee754<T>
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
                    LstmCell.Backward(_f.Note(s.Note).Slice((t * s.Batch + b) * s.Row, s.Row), s.CellBefore(_f, t, b, _zero), _f.DY.Slice((b * s.Places + t) * n, n),
                        _dh.Slice(b * n, n), _dc.Slice(b * n, n), _dz.Slice((at + b) * s.Gates, s.Gates));
                    _f.X().Slice((b * s.Steps + t) * s.Inputs, s.Inputs).CopyTo(_x[((at + b) * s.Inputs)..]);
                }
                var slopes = new Factor<T>(_dz[((at + from) * s.Gates)..], s.Gates);
                if (t > 0 || s.Begun) Gemm.Multiply(to - from, s.Gates, n, slopes, _recurrent, _dh[(from * n)..], n, add: false);
                if (!_dx.IsEmpty) Gemm.Multiply(to - from, s.Gates, s.Inputs, slopes, _weights, _dx[((from * s.Steps + t) * s.Inputs)..], s.Steps * s.Inputs, add: true);
            }
        }
    }

    /// <summary>What a chunk of steps adds to the gradients of W and W′.</summary>
    void AddChunk<T>(Frame<T> f, int from, int count, ReadOnlySpan<T> dz, ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var turned = new Factor<T>(dz, Gates, transposed: true);
        if (f.Wants(1)) Gemm.Multiply(Gates, count * Batch, Inputs, turned, new Factor<T>(x, Inputs), f.DX(1), Inputs, add: true);
        if (!f.Wants(2)) return;
        if (from == 0 && Begun) Gemm.Multiply(Gates, Batch, Hidden, turned, Before(f, 0, 0), f.DX(2), Hidden, add: true);
        int first = Math.Max(1, from), rows = (from + count - first) * Batch;
        turned = new(dz[((first - from) * Batch * Gates)..], Gates, transposed: true);
        if (rows > 0) Gemm.Multiply(Gates, rows, Hidden, turned, Before(f, first, 0), f.DX(2), Hidden, add: true);
    }

    /// <summary>x of a step, from a sequence on.</summary>
    Factor<T> Shown<T>(ReadOnlySpan<T> x, int t, int b) => new(x[((b * Steps + t) * Inputs)..], Steps * Inputs);

    /// <summary>h of the step before, from a sequence on and, read on, of all steps after it.</summary>
    Factor<T> Before<T>(Frame<T> f, int t, int b) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t == 0 ? new(f.X(5)[(b * Hidden)..], Hidden) : new(f.Note(Note)[(((t - 1) * Batch + b) * Row + LstmCell.Hidden * Hidden)..], Row);

    ReadOnlySpan<T> CellBefore<T>(Frame<T> f, int t, int b, ReadOnlySpan<T> zero) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t > 0 ? f.Note(Note).Slice(((t - 1) * Batch + b) * Row + LstmCell.Cell * Hidden, Hidden)
        : Begun ? f.X(6).Slice(b * Hidden, Hidden) : zero;

    static Span<T> Take<T>(ref Span<T> room, int count)
    {
        var taken = room[..count];
        room = room[count..];
        return taken;
    }
}

/// <summary>What an LSTM remembers between two steps, for each row of a batch.</summary>
/// <param name="Hidden">h, [B, H]: what it said last.</param>
/// <param name="Cell">c, [B, H]: what it remembers.</param>
public readonly record struct LstmState(Tensor Hidden, Tensor Cell);

public readonly partial struct Tensor
{
    /// <summary>
    /// A long short-term memory over all steps of a batch of sequences, [B, T, I] → [B, T, H]: with [i f g o] = W x_t + b + W′ h₋ + b′ in four parts,
    /// c = σ(f) c₋ + σ(i) tanh(g) and h = σ(o) tanh(c).
    /// </summary>
    /// <param name="inputWeight">W, [4H, I].</param>
    /// <param name="hiddenWeight">W′, [4H, H].</param>
    /// <param name="inputBias">b, [4H].</param>
    /// <param name="hiddenBias">b′, [4H].</param>
    /// <param name="initial">The state to begin from; zeros for none.</param>
    /// <remarks>Hochreiter and Schmidhuber, 1997; the gate f that forgets: Gers, Schmidhuber and Cummins, 2000.</remarks>
    public Tensor Lstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, LstmState? initial = null) =>
        RunLstm(inputWeight, hiddenWeight, inputBias, hiddenBias, initial, ends: false);

    /// <summary>As without <paramref name="final"/>, which is the state after the last step; gradients flow through it.</summary>
    public Tensor Lstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, LstmState? initial, out LstmState final)
    {
        var all = RunLstm(inputWeight, hiddenWeight, inputBias, hiddenBias, initial, ends: true);
        final = new(all.Select(1, -2), all.Select(1, -1));
        return all.Slice(1, 0, -1);
    }

    Tensor RunLstm(Tensor inputWeight, Tensor hiddenWeight, Tensor inputBias, Tensor hiddenBias, LstmState? initial, bool ends)
    {
        var shape = Shape;
        if (shape.Rank != 3 || shape[1] == 0) Throw.Argument($"lstm of {shape}: sequences are [batch, steps, inputs], and there is a step at least");
        int hidden = hiddenWeight.Rank == 2 ? hiddenWeight.Shape[1] : 0;
        if (inputWeight.Shape != [4 * hidden, shape[2]] || hiddenWeight.Shape != [4 * hidden, hidden]
            || inputBias.Shape != [4 * hidden] || hiddenBias.Shape != inputBias.Shape)
            Throw.Argument($"lstm of {shape}: weights {inputWeight.Shape} and {hiddenWeight.Shape} with biases {inputBias.Shape} and {hiddenBias.Shape}: "
                         + $"give [4H, {shape[2]}], [4H, H], [4H] and [4H], where H is one number");
        if (initial is { } state && (state.Hidden.Shape != [shape[0], hidden] || state.Cell.Shape != state.Hidden.Shape))
            Throw.Argument($"lstm of {shape}: the state to begin from is {state.Hidden.Shape} and {state.Cell.Shape}: both must be [{shape[0]}, {hidden}]");

        var note = Slot.Make([shape[1], shape[0], LstmCell.Kept * hidden], DType);
        foreach (var given in (ReadOnlySpan<Tensor>)[inputWeight, hiddenWeight, inputBias, hiddenBias, initial?.Hidden ?? this, initial?.Cell ?? this])
            if (given.DType != DType) Throw.Mixed("lstm", DType, given.DType);
        var op = new Lstm(shape[0], shape[1], shape[2], hidden, initial is not null, ends);
        Shape to = [shape[0], ends ? shape[1] + 1 : shape[1], hidden];
        return initial is { } begin
            ? ChainRule.Op.Run(op, to, [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot, begin.Hidden.Slot, begin.Cell.Slot, note])
            : ChainRule.Op.Run(op, to, [Slot, inputWeight.Slot, hiddenWeight.Slot, inputBias.Slot, hiddenBias.Slot, note]);
    }
}
