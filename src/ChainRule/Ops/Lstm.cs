using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// z = W x_t + b + W′ h₋ + b′ in four parts of H; i = σ(zᵢ), f = σ(z_f), g = tanh(z_g), o = σ(zₒ); c_t = f c₋ + i g; y_t = h_t = o tanh c_t.
/// Backward goes from the last step to the first, dz_t by the formulas of <see cref="LstmCell"/> with dh = dy_t + W′ᵀ dz_{t+1}; then
/// dx = dz W, dW = dzᵀ x, dW′ = dzᵀ h₋ and db = db′ = Σ dz. Inputs: x, W, W′, b, b′, h and c before the first step where given, and a note of what the
/// cells keep. Within, steps are outermost: the rows of one step lie together, and only W′ waits for the step before. All other products are made
/// for a chunk of steps at once, as many as the second cache holds.
/// </summary>
/// <param name="batch">B.</param>
/// <param name="steps">T.</param>
/// <param name="inputs">How wide x is.</param>
/// <param name="hidden">H.</param>
/// <param name="begun">Whether a state to begin from is given; zeros without.</param>
/// <param name="ends">Whether the output has one more row than there are steps: the last cell.</param>
readonly struct Lstm(int batch, int steps, int inputs, int hidden, bool begun, bool ends) : IOp
{
    // Rows that a chunk has at least, where there are as many: enough for tall products.
    const int ChunkRows = 128;

    int IOp.Notes => 1;

    int Gates => 4 * hidden;

    int Row => LstmCell.Kept * hidden;

    int Note => begun ? 7 : 5;

    int Places => ends ? steps + 1 : steps;

    int Chunk => Math.Min(steps, (ChunkRows + batch - 1) / batch);

    void IOp.Forward<T>(Frame<T> f)
    {
        if (batch == 0) return;
        int packedX = Gemm.PackedLength<T>(inputs, Gates), packedH = Gemm.PackedLength<T>(hidden, Gates), chunk = Chunk;
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + Gates + hidden + chunk * batch * inputs);
        Span<T> rest = room;
        var weights = Gemm.Pack(inputs, Gates, new Factor<T>(f.X(1), inputs, transposed: true), Take(ref rest, packedX));
        var recurrent = Gemm.Pack(hidden, Gates, new Factor<T>(f.X(2), hidden, transposed: true), Take(ref rest, packedH));
        Span<T> bias = Take(ref rest, Gates), zero = Take(ref rest, hidden), x = Take(ref rest, chunk * batch * inputs);
        TensorPrimitives.Add(f.X(3), f.X(4), bias);
        zero.Clear();
        for (int t = 0; t < steps; t++)
        {
            var step = f.Note(Note)[(t * batch * Row)..];
            if (t % chunk == 0)
            {
                int count = Math.Min(chunk, steps - t);
                StepsFirst(f.X(), t, count, x);
                Gemm.Multiply(count * batch, inputs, Gates, new Factor<T>(x, inputs), weights, step, Row, add: false);
            }
            if (t > 0 || begun) Gemm.Multiply(batch, hidden, Gates, Before(f, t), recurrent, step, Row, add: true);
            for (int b = 0; b < batch; b++)
            {
                var row = step.Slice(b * Row, Row);
                LstmCell.Forward(row, bias, CellBefore(f, t, b, zero));
                row.Slice(LstmCell.Hidden * hidden, hidden).CopyTo(f.Y.Slice((b * Places + t) * hidden, hidden));
                if (ends && t == steps - 1) row.Slice(LstmCell.Cell * hidden, hidden).CopyTo(f.Y.Slice((b * Places + steps) * hidden, hidden));
            }
        }
        ArrayPool<T>.Shared.Return(room);
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (batch == 0) return;
        int packedX = Gemm.PackedLength<T>(Gates, inputs), packedH = Gemm.PackedLength<T>(Gates, hidden), state = batch * hidden, chunk = Chunk;
        T[] room = ArrayPool<T>.Shared.Rent(packedX + packedH + 2 * state + hidden + 2 * Gates + chunk * batch * (Gates + inputs));
        Span<T> rest = room;
        var weights = Gemm.Pack(Gates, inputs, new Factor<T>(f.X(1), inputs), Take(ref rest, packedX));
        var recurrent = Gemm.Pack(Gates, hidden, new Factor<T>(f.X(2), hidden), Take(ref rest, packedH));
        Span<T> dh = Take(ref rest, state), dc = Take(ref rest, state), zero = Take(ref rest, hidden), sum = Take(ref rest, Gates), part = Take(ref rest, Gates);
        Span<T> dz = Take(ref rest, chunk * batch * Gates), x = Take(ref rest, chunk * batch * inputs);
        zero.Clear();
        sum.Clear();
        dh.Clear();
        for (int b = 0; b < batch; b++) (ends ? f.DY.Slice((b * Places + steps) * hidden, hidden) : zero).CopyTo(dc[(b * hidden)..]);
        for (int end = steps, from; end > 0; end = from)
        {
            from = Math.Max(0, end - chunk);
            for (int t = end - 1; t >= from; t--)
            {
                var step = dz.Slice((t - from) * batch * Gates, batch * Gates);
                for (int b = 0; b < batch; b++)
                {
                    int at = b * hidden;
                    LstmCell.Backward(f.Note(Note).Slice((t * batch + b) * Row, Row), CellBefore(f, t, b, zero), f.DY.Slice((b * Places + t) * hidden, hidden),
                        dh.Slice(at, hidden), dc.Slice(at, hidden), step.Slice(b * Gates, Gates));
                }
                if (t > 0 || begun) Gemm.Multiply(batch, Gates, hidden, new Factor<T>(step, Gates), recurrent, dh, hidden, add: false);
            }
            Rows.Sum(dz[..((end - from) * batch * Gates)], part);
            TensorPrimitives.Add(sum, part, sum);
            AddChunk(f, from, end - from, dz, weights, x);
        }
        if (f.Wants(3)) TensorPrimitives.Add(f.DX(3), sum, f.DX(3));
        if (f.Wants(4)) TensorPrimitives.Add(f.DX(4), sum, f.DX(4));
        if (begun && f.Wants(5)) TensorPrimitives.Add(f.DX(5), dh, f.DX(5));
        if (begun && f.Wants(6)) TensorPrimitives.Add(f.DX(6), dc, f.DX(6));
        ArrayPool<T>.Shared.Return(room);
    }

    /// <summary>What a chunk of steps adds to the gradients of x, W and W′.</summary>
    void AddChunk<T>(Frame<T> f, int from, int count, ReadOnlySpan<T> dz, Factor<T> weights, Span<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (f.Wants(1))
        {
            StepsFirst(f.X(), from, count, x);
            Gemm.Multiply(Gates, count * batch, inputs, new Factor<T>(dz, Gates, transposed: true), new Factor<T>(x, inputs), f.DX(1), inputs, add: true);
        }
        if (f.Wants(2))
        {
            var turned = new Factor<T>(dz, Gates, transposed: true);
            if (from == 0 && begun) Gemm.Multiply(Gates, batch, hidden, turned, Before(f, 0), f.DX(2), hidden, add: true);
            int first = Math.Max(1, from), rows = (from + count - first) * batch;
            turned = new(dz[((first - from) * batch * Gates)..], Gates, transposed: true);
            if (rows > 0) Gemm.Multiply(Gates, rows, hidden, turned, Before(f, first), f.DX(2), hidden, add: true);
        }
        if (!f.Wants()) return;
        Gemm.Multiply(count * batch, Gates, inputs, new Factor<T>(dz, Gates), weights, x, inputs, add: false);
        for (int b = 0; b < batch; b++)
        {
            for (int t = 0; t < count; t++)
            {
                var dx = f.DX().Slice((b * steps + from + t) * inputs, inputs);
                TensorPrimitives.Add(dx, x.Slice((t * batch + b) * inputs, inputs), dx);
            }
        }
    }

    /// <summary>h of the step before and, read on, of all steps after it.</summary>
    Factor<T> Before<T>(Frame<T> f, int t) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t == 0 ? new(f.X(5), hidden) : new(f.Note(Note)[((t - 1) * batch * Row + LstmCell.Hidden * hidden)..], Row);

    ReadOnlySpan<T> CellBefore<T>(Frame<T> f, int t, int b, ReadOnlySpan<T> zero) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        t > 0 ? f.Note(Note).Slice(((t - 1) * batch + b) * Row + LstmCell.Cell * hidden, hidden)
        : begun ? f.X(6).Slice(b * hidden, hidden) : zero;

    void StepsFirst<T>(ReadOnlySpan<T> x, int from, int count, Span<T> stepsFirst)
    {
        for (int t = 0; t < count; t++)
            for (int b = 0; b < batch; b++) x.Slice((b * steps + from + t) * inputs, inputs).CopyTo(stepsFirst[((t * batch + b) * inputs)..]);
    }

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
