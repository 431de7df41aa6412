namespace ChainRule.Formats.Export;

/// <summary>What moves numbers.</summary>
static partial class Translations
{
    static Dictionary<string, Func<OpView, string>> Shapes => new()
    {
        ["move"] = Moved,
        ["concat"] = Joined,
        ["pad"] = Padded,
        ["flip"] = op => op.Node("Slice", [op.X(), op.Builder.Whole(-1), op.Builder.Whole(long.MinValue + 1),
            op.Builder.Whole(op.Folded().First), op.Builder.Whole(-1)]),
    };

    /// <summary>A strided view is told by its strides: axes exchanged, a part of one, or axes stretched.</summary>
    static string Moved(OpView op)
    {
        Shape[] from = op.Shapes(), to = op.Made();
        int[][] strides = op.All<int[]>("strides");
        int[] offsets = op.All<int>("offset");
        int[][] own = [.. from.Select(Strides)];
        if (Permutation() is { } axes) return op.Node("Transpose", [op.X()], ("perm", axes));
        for (int axis = 0; axis < from[0].Rank; axis++) if (Part(axis) is { } part) return part;
        return Stretched() ?? throw op.Refused("it is neither a permutation, a part of an axis nor an expansion");

        long[]? Permutation()
        {
            if (offsets.Any(offset => offset != 0) || from[0].Rank != to[0].Rank) return null;
            List<long> axes = [];
            for (int y = 0; y < to[0].Rank; y++)
            {
                int found = Enumerable.Range(0, from[0].Rank).FirstOrDefault(x => !axes.Contains(x)
                    && Every(k => to[k][y] == from[k][x] && (to[k][y] == 1 || strides[k][y] == own[k][x])), -1);
                if (found < 0) return null;
                axes.Add(found);
            }
            return [.. axes];
        }

        string? Part(int axis)
        {
            if (from[0].Rank != to[0].Rank || to.Any(shape => shape.Elements == 0)) return null;
            for (int other = 0; other < from[0].Rank; other++)
                if (other != axis && !Every(k => to[k][other] == from[k][other]
                    && (to[k][other] == 1 || strides[k][other] == own[k][other]))) return null;
            if (!Every(k => offsets[k] % own[k][axis] == 0
                && (to[k][axis] == 1 || strides[k][axis] > 0 && strides[k][axis] % own[k][axis] == 0))) return null;
            long[] step = [.. to.Select((shape, k) => shape[axis] == 1 ? 1L : strides[k][axis] / own[k][axis])],
                first = [.. offsets.Select((offset, k) => (long)offset / own[k][axis])];
            if (step.Distinct().Count() > 1) step = [.. step.Select(_ => step.Max())];
            // One that has come to be 1 took no step: its end is where it begins, and one more.
            long[] end = [.. first.Select((start, k) => start + (to[k][axis] - 1) * step[k] + 1)];
            if (!Every(k => end[k] <= from[k][axis])) return null;
            return op.Node("Slice", [op.X(), Place(first), Place(end), op.Builder.Whole(axis),
                op.Builder.Whole(step[0])]);

            string Place(long[] places) => op.Exporter.Computed(op.Exporter.Formula("a slice", places));
        }

        string? Stretched()
        {
            int more = to[0].Rank - from[0].Rank;
            if (more < 0 || offsets.Any(offset => offset != 0)) return null;
            for (int y = 0; y < to[0].Rank; y++)
                if (!Every(k => y < more || from[k][y - more] == 1 ? to[k][y] == 1 || strides[k][y] == 0
                    : to[k][y] == from[k][y - more] && strides[k][y] == own[k][y - more])) return null;
            return op.Node("Expand", [op.X(), op.Exporter.Sizes("a stretch", to)]);
        }

        bool Every(Func<int, bool> holds) => Enumerable.Range(0, from.Length).All(holds);
    }

    static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        for (int axis = shape.Rank - 1, stride = 1; axis >= 0; stride *= shape[axis--]) strides[axis] = stride;
        return strides;
    }

    static string Joined(OpView op)
    {
        Shape[] to = op.Made();
        int[] outer = op.All<int>("outer");
        Shape[][] parts = [.. Enumerable.Range(0, op.Inputs).Select(op.Shapes)];
        for (int axis = 0; axis < to[0].Rank; axis++)
            if (Enumerable.Range(0, to.Length).All(k => OpView.Product(to[k], 0, axis) == outer[k]
                && parts.Sum(part => part[k][axis]) == to[k][axis]))
                return op.Node("Concat", [.. Enumerable.Range(0, op.Inputs).Select(op.X)], ("axis", axis));
        throw op.Refused("its axis is not found");
    }

    static string Padded(OpView op)
    {
        Shape[] shapes = op.Shapes();
        int[] size = op.All<int>("size"), inner = op.All<int>("inner");
        int axis = Enumerable.Range(0, shapes[0].Rank).First(a => Enumerable.Range(0, shapes.Length).All(k =>
            shapes[k][a] == size[k] && OpView.Product(shapes[k], a + 1, shapes[k].Rank) == inner[k]));
        long before = op.Get<int>("before"), after = op.Get<int>("after");
        var mode = op.Get<PaddingMode>("mode");
        if (mode == PaddingMode.Circular)
            return op.Node("Concat", [.. before > 0 ? [Part(-before, long.MaxValue)] : (string[])[], op.X(),
                .. after > 0 ? [Part(0, after)] : (string[])[]], ("axis", axis));
        long[] pads = new long[2 * shapes[0].Rank];
        (pads[axis], pads[shapes[0].Rank + axis]) = (before, after);
        return op.Node("Pad", [op.X(), op.Builder.Whole(pads)],
            ("mode", mode == PaddingMode.Reflect ? "reflect" : mode == PaddingMode.Replicate ? "edge" : "constant"));

        string Part(long first, long end) => op.Node("Slice", [op.X(), op.Builder.Whole(first), op.Builder.Whole(end),
            op.Builder.Whole(axis)]);
    }
}
