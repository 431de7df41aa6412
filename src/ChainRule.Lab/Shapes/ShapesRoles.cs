using System.Globalization;

namespace ChainRule.Lab.Shapes;

/// <summary>
/// What becomes of each axis. Axes are compared from the last, as broadcasting does; of a matrix product those before
/// the last two.
/// </summary>
sealed class ShapesRoles(string op, int[] a, int[] b, int[] y, int[] axes)
{
    /// <summary>A word for each axis of an input; broadcasting adds <c>missing</c> ones in front.</summary>
    public string[] Of(bool first)
    {
        int[] x = first ? a : b;
        return op switch
        {
            "sum" or "mean" => [.. x.Select((_, axis) => IsReduced(axis) ? "summed" : "kept")],
            "transpose" => [.. x.Select(_ => "kept")],
            "matmul" => Product(x, first),
            _ => Broadcast(x, y),
        };
    }

    /// <summary>The same in sentences, forward and backward.</summary>
    public IEnumerable<string> Remarks()
    {
        if (op is "sum" or "mean")
        {
            string over = string.Join(" and ", a.Index().Where(axis => IsReduced(axis.Index))
                .Select(axis => Invariant($"axis {axis.Index} of {axis.Item}")));
            yield return over.Length == 0 ? "a is a single number: there is no axis to reduce."
                : $"Forward, {over} {(op == "sum" ? "is added up" : "is averaged")}.";
            yield return $"Backward, each number of dL/dy goes to all numbers that it was computed from"
                + (op == "mean" ? ", divided by how many they are." : ".");
        }
        else if (op == "transpose") yield return "Forward, two axes change places; backward, they change back.";
        else
        {
            if (op == "matmul")
                yield return Invariant($"Forward, y[i, j] = Σ_k a[i, k] · b[k, j]: the axis of {a[^1]} is added up.");
            foreach (string remark in Stretched("a", a, first: true).Concat(Stretched("b", b, first: false)))
                yield return remark;
            if (op == "matmul")
                yield return "Backward, da = dy · bᵀ and db = aᵀ · dy.";
        }
    }

    IEnumerable<string> Stretched(string name, int[] x, bool first)
    {
        string[] roles = Of(first);
        int offset = roles.Length - x.Length;
        for (int axis = 0; axis < roles.Length; axis++)
        {
            if (roles[axis] is not ("stretched" or "missing")) continue;
            string what = roles[axis] == "missing" ? Invariant($"{name} has no axis {axis}")
                : Invariant($"axis {axis - offset} of {name} is 1");
            yield return Invariant($"{what}: forward, the same numbers are used {y[axis]} times; backward, the ")
                + Invariant($"gradient is the sum of all {y[axis]} uses.");
        }
    }

    string[] Product(int[] x, bool first)
    {
        // Of a vector there is only the axis that is added up.
        string[] last = x.Length == 1 ? ["summed"] : first ? ["kept", "summed"] : ["summed", "kept"];
        int rows = Math.Min(2, a.Length) - 1 + Math.Min(2, b.Length) - 1;
        return [.. Broadcast(x.Length > 2 ? x[..^2] : [], y[..^rows]), .. last];
    }

    static string[] Broadcast(int[] x, int[] y)
    {
        int missing = y.Length - x.Length;
        return [.. y.Select((size, axis) => axis < missing ? "missing"
            : x[axis - missing] == size ? "kept" : "stretched")];
    }

    bool IsReduced(int axis) => axes.Length == 0 || axes.Any(one => (one < 0 ? one + a.Length : one) == axis);

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
