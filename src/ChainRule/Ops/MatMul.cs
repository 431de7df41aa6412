using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using ChainRule.Kernels;

namespace ChainRule;

/// <summary>
/// y = a b over the last two axes, either factor transposed on the way; da = dy bᵀ, db = aᵀ dy, summed over the batch
/// axes that were broadcast. A transpose is an order of reading, never a copy of the tensor.
/// </summary>
readonly struct Matmul(bool transposeA, bool transposeB, int m, int k, int n, Shape batchA, Shape batchB, Shape batch)
    : IOp
{
    (string Name, object Value)[] IOp.Attributes => [("transposeA", transposeA), ("transposeB", transposeB)];

    Linearity IOp.Linearity => Linearity.InEach;

    const int InOrder = 16;

    OpText IOp.Text => new($"y[i,j] = Σ_k {Left} {Right}", $"da = Σ_j dy[i,j] {Right}", $"db = Σ_i dy[i,j] {Left}");

    string Left => transposeA ? "a[k,i]" : "a[i,k]";

    string Right => transposeB ? "b[j,k]" : "b[k,j]";

    bool IOp.Reaches<T>(Frame<T> f, int i, int at, List<LocalDerivative> found)
    {
        int size = i == 0 ? m * k : k * n, inside = at % size;
        bool turned = i == 0 ? transposeA : transposeB;
        int width = i == 0 ? (turned ? m : k) : (turned ? k : n);
        var (row, column) = turned ? (inside % width, inside / width) : (inside / width, inside % width);
        foreach (int one in new Stretch(i == 0 ? batchA : batchB, batch).To(at / size))
        {
            if (i == 0)
                for (int j = 0; j < n; j++)
                    found.Add(new(0, one * m * n + row * n + j, B(f, one, column, j), 1, PlaceB(one, column, j)));
            else for (int r = 0; r < m; r++)
                found.Add(new(0, one * m * n + r * n + column, A(f, one, r, row), 0, PlaceA(one, r, row)));
        }
        return true;
    }

    bool IOp.Reads<T>(Frame<T> f, int at, List<LocalDerivative> found)
    {
        int one = at / (m * n), row = at / n % m, column = at % n;
        for (int i = 0; i < k; i++)
        {
            found.Add(new(0, PlaceA(one, row, i), B(f, one, i, column), 1, PlaceB(one, i, column)));
            found.Add(new(1, PlaceB(one, i, column), A(f, one, row, i), 0, PlaceA(one, row, i)));
        }
        return true;
    }

    int PlaceA(int one, int row, int i) => Place(one, batchA) * m * k + (transposeA ? i * m + row : row * k + i);

    int PlaceB(int one, int i, int column) =>
        Place(one, batchB) * k * n + (transposeB ? column * k + i : i * n + column);

    double A<T>(Frame<T> f, int one, int row, int i) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(f.X(0)[PlaceA(one, row, i)]);

    double B<T>(Frame<T> f, int one, int i, int column) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        double.CreateTruncating(f.X(1)[PlaceB(one, i, column)]);

    void IOp.Forward<T>(Frame<T> f)
    {
        if (batchB.Elements == 1 && !transposeA)
        {
            if (transposeB && batchA.Elements == batch.Elements
                && f.MultiplyBytes(1, m * batch.Elements, f.X(0), default, k, n, f.Y)) return;
            var right = f.Right(1, k, n, transposeB);
            for (int i = 0; i < batch.Elements; i++)
                Gemm.Multiply(m, k, n, new Factor<T>(f.X(0).Slice(Place(i, batchA) * m * k, m * k), k), right,
                    f.Y.Slice(i * m * n, m * n), n, add: false);
            return;
        }
        for (int i = 0; i < batch.Elements; i++)
        {
            var a = f.X(0).Slice(Place(i, batchA) * m * k, m * k);
            var b = f.X(1).Slice(Place(i, batchB) * k * n, k * n);
            Gemm.Multiply(m, k, n, a, transposeA, b, transposeB, f.Y.Slice(i * m * n, m * n), add: false);
        }
    }

    void IOp.Backward<T>(Frame<T> f)
    {
        if (f.RequiresGrad(0)) Backward(f, 0, batchA, m * k);
        if (f.RequiresGrad(1)) Backward(f, 1, batchB, k * n);
    }

    /// <summary>
    /// The gradient of a factor. A matrix that meets several of the other side's is reached several times, and
    /// must begin at 0.
    /// </summary>
    void Backward<T>(Frame<T> f, int factor, Shape of, int size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int meets = batch.Elements == 0 ? 0 : batch.Elements / of.Elements;
        var dx = meets == 1 ? f.Gradient(factor) : new(f.DX(factor), adds: true);
        for (int at = 0; meets > 0 && at < of.Elements; at++)
            Sum(f, factor, of, at, 0, meets, dx.Numbers.Slice(at * size, size), dx.Adds);
    }

    /// <summary>
    /// What a matrix of a factor gets from a range of those that it meets: up to 16 in order, more by a binary tree.
    /// </summary>
    void Sum<T>(Frame<T> f, int factor, Shape of, int at, int from, int to, Span<T> dx, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to - from > InOrder)
        {
            int middle = from + (InOrder << BitOperations.Log2((uint)(to - from - 1) / InOrder));
            Sum(f, factor, of, at, from, middle, dx, add);
            T[] room = ArrayPool<T>.Shared.Rent(dx.Length);
            var right = room.AsSpan(0, dx.Length);
            Sum(f, factor, of, at, middle, to, right, add: false);
            TensorPrimitives.Add(dx, right, dx);
            ArrayPool<T>.Shared.Return(room);
            return;
        }
        for (int meet = from; meet < to; meet++, add = true)
        {
            int i = Met(at, meet, of);
            var dy = f.DY.Slice(i * m * n, m * n);
            var a = f.X(0).Slice(Place(i, batchA) * m * k, m * k);
            var b = f.X(1).Slice(Place(i, batchB) * k * n, k * n);
            if (factor == 0 && transposeA) Gemm.Multiply(k, n, m, b, transposeB, dy, true, dx, add);
            else if (factor == 0) Gemm.Multiply(m, n, k, dy, false, b, !transposeB, dx, add);
            else if (transposeB) Gemm.Multiply(n, m, k, dy, true, a, transposeA, dx, add);
            else Gemm.Multiply(k, m, n, a, !transposeA, dy, false, dx, add);
        }
    }

    /// <summary>Which matrix of the broadcast batch is the one that a factor's matrix meets at its turn.</summary>
    int Met(int at, int meet, Shape of)
    {
        int i = 0, step = 1;
        for (int axis = 1; axis <= batch.Rank; axis++)
        {
            int size = batch[^axis];
            ref int digits = ref axis <= of.Rank && of[^axis] != 1 ? ref at : ref meet;
            i += digits % size * step;
            digits /= size;
            step *= size;
        }
        return i;
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
    /// The matrix product over the last two axes: [m, k] · [k, n] → [m, n]. Axes before them are a batch and broadcast:
    /// [B, T, C] · [C, D] → [B, T, D]. A vector is a row on the left, a column on the right, and its axis goes.
    /// </summary>
    /// <param name="b">The right factor.</param>
    /// <param name="transposeA">Whether this is read as its transpose (last two axes).</param>
    /// <param name="transposeB">Whether b is read as its transpose: x Wᵀ copies nothing.</param>
    public Tensor MatMul(Tensor b, bool transposeA = false, bool transposeB = false)
    {
        var a = this;
        Shape left = a.Shape, right = b.Shape;
        if (left.Rank == 0 || right.Rank == 0)
            Throw.Argument($"matmul: {left} and {right}: a single number is no matrix: multiply with *", nameof(b));
        // W v is a dot product of each row: more exact, and faster, than v Wᵀ.
        if (left.Rank == 1 && right.Rank == 2 && transposeB && left[0] == right[1]) return b.MatMul(a);
        if (left.Rank == 1) a = a.Reshape(transposeA ? [left[0], 1] : [1, left[0]]);
        if (right.Rank == 1) b = b.Reshape(transposeB ? [1, right[0]] : [right[0], 1]);

        var (p, q) = (a.Shape, b.Shape);
        var (m, k) = transposeA ? (p[^1], p[^2]) : (p[^2], p[^1]);
        var (inner, n) = transposeB ? (q[^1], q[^2]) : (q[^2], q[^1]);
        if (k != inner)
            Throw.Argument($"matmul: {left}{(transposeA ? "ᵀ" : "")} and {right}{(transposeB ? "ᵀ" : "")} do not "
                + $"chain: the left has {k} columns and the right {inner} rows",
                nameof(b));

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
