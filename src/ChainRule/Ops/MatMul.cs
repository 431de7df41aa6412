using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = a b over the last two axes, either factor transposed on the way;  da = dy bᵀ, db = aᵀ dy, summed over the batch axes that were broadcast.
/// A transpose is an order of reading, never a copy of the tensor.
/// </summary>
readonly struct Matmul(bool transposeA, bool transposeB, int m, int k, int n, Shape batchA, Shape batchB, Shape batch) : IOp
{
    void IOp.Forward<T>(Frame<T> f)
    {
        for (int i = 0; i < batch.Elements; i++)
        {
            var a = f.X(0).Slice(Place(i, batchA) * m * k, m * k);
            var b = f.X(1).Slice(Place(i, batchB) * k * n, k * n);
            Gemm.Multiply(m, k, n, a, transposeA, b, transposeB, f.Y.Slice(i * m * n, m * n), add: false);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        // A matrix that meets several of the other side's is reached several times, and must begin at 0.
        bool firstA = false, firstB = false;
        var allA = !f.Wants(0) ? default : batchA.Elements == batch.Elements ? f.DX(0, out firstA) : f.DX(0);
        var allB = !f.Wants(1) ? default : batchB.Elements == batch.Elements ? f.DX(1, out firstB) : f.DX(1);
        for (int i = 0; i < batch.Elements; i++)
        {
            var (atA, atB) = (Place(i, batchA) * m * k, Place(i, batchB) * k * n);
            var dy = f.DY.Slice(i * m * n, m * n);
            var a = f.X(0).Slice(atA, m * k);
            var b = f.X(1).Slice(atB, k * n);
            if (f.Wants(0))
            {
                var da = allA.Slice(atA, m * k);
                if (transposeA) Gemm.Multiply(k, n, m, b, transposeB, dy, true, da, add: !firstA);
                else Gemm.Multiply(m, n, k, dy, false, b, !transposeB, da, add: !firstA);
            }
            if (f.Wants(1))
            {
                var db = allB.Slice(atB, k * n);
                if (transposeB) Gemm.Multiply(n, m, k, dy, true, a, transposeA, db, add: !firstB);
                else Gemm.Multiply(k, m, n, a, !transposeA, dy, false, db, add: !firstB);
            }
        }
    }

    /// <summary>Which matrix of a factor meets matrix i of the broadcast batch.</summary>
    int Place(int i, Shape of)
    {
        int at = 0, step = 1;
        for (int axis = 1; axis <= of.Rank; axis++)
        {
            if (of[^axis] != 1) at += i % batch[^axis] * step;
            i /= batch[^axis];
            step *= of[^axis];
        }
        return at;
    }
}

public readonly partial struct Tensor
{
    /// <summary>
    /// The matrix product over the last two axes: [m, k] · [k, n] → [m, n]. Axes before them are a batch and broadcast: [B, T, C] · [C, D] → [B, T, D].
    /// A vector is a row on the left, a column on the right, and its axis goes.
    /// </summary>
    /// <param name="b">The right factor.</param>
    /// <param name="transposeA">Whether this is read as its transpose (last two axes).</param>
    /// <param name="transposeB">Whether b is read as its transpose: x Wᵀ copies nothing.</param>
    public Tensor MatMul(Tensor b, bool transposeA = false, bool transposeB = false)
    {
        var a = this;
        Shape left = a.Shape, right = b.Shape;
        if (left.Rank == 0 || right.Rank == 0) Throw.Argument($"matmul: {left} and {right}: a single number is no matrix: multiply with *");
        if (left.Rank == 1) a = a.Reshape(transposeA ? [left[0], 1] : [1, left[0]]);
        if (right.Rank == 1) b = b.Reshape(transposeB ? [1, right[0]] : [right[0], 1]);

        var (p, q) = (a.Shape, b.Shape);
        var (m, k) = transposeA ? (p[^1], p[^2]) : (p[^2], p[^1]);
        var (inner, n) = transposeB ? (q[^1], q[^2]) : (q[^2], q[^1]);
        if (k != inner)
            Throw.Argument($"matmul: {left}{(transposeA ? "ᵀ" : "")} and {right}{(transposeB ? "ᵀ" : "")} do not chain: the left has {k} columns and the right {inner} rows");

        Shape batchA = Shape.Create(p.Span[..^2]), batchB = Shape.Create(q.Span[..^2]);
        var batch = Broadcast("matmul", p, q, last: 2);
        var shape = batch;
        if (left.Rank > 1) shape = Shape.Join(shape.Span, [m]);
        if (right.Rank > 1) shape = Shape.Join(shape.Span, [n]);

        // Where the right factor is one matrix for the whole batch, the batch is only more rows.
        var op = batchB.Elements == 1 && !transposeA
            ? new Matmul(false, transposeB, m * batchA.Elements, k, n, [], [], [])
            : new Matmul(transposeA, transposeB, m, k, n, batchA, batchB, batch);
        return ChainRule.Op.Run(op, shape, a, b);
    }
}
