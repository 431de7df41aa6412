namespace ChainRule.Explaining;

/// <summary>
/// Finds the tensors whose axis 0 is that of a batch: the first axis of something given that has as many places as
/// there are examples, of constants or of ids, and of no parameter. It goes back from a few rows of a tensor through
/// the ops that computed it.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="examples">How many examples there are; 0 if that was not said: then no axis is a batch.</param>
sealed class BatchAxis(ExplainedGraph graph, int examples)
{
    // What a batch is was given a few layers before; in very deep graphs the search ends.
    const int MostLooked = 1000;

    readonly Dictionary<Slot, int> _known = [];

    /// <summary>
    /// How many examples stand along axis 0 of a tensor, each in as many rows as another; 0 if they are not examples.
    /// </summary>
    public int Of(Slot y)
    {
        if (examples == 0) return 0;
        if (!_known.TryGetValue(y, out int found)) _known[y] = found = Find(y);
        return found == examples ? found : 0;
    }

    int Find(Slot y)
    {
        int count = Rows(y);
        if (count < 2) return 0;
        int[] rows = [.. new[] { 0, 1, count / 2, count - 2, count - 1 }.Distinct()];
        var open = new Stack<(Slot Tensor, int[] At)>();
        HashSet<Slot> seen = [y];
        open.Push((y, [.. rows.Select(row => row * (y.Count / count))]));
        for (int looked = 0; looked < MostLooked && open.TryPop(out var next); looked++)
        {
            var x = next.Tensor;
            int[] at = next.At;
            if (graph.ProducerOf(x, out int output) is not { } node)
            {
                if (Given(x, at) is > 0 and var given) return given;
                continue;
            }
            if (node.Ids is { Shape: { Rank: > 0 } shape } && Matches(shape[0], at, x.Count)) return shape[0];
            int[]?[] read = Reads(node, output, at);
            for (int i = read.Length - 1; i >= 0; i--)
            {
                var input = node.Inputs[i];
                if (read[i] is not { } places) continue;
                // A parameter that has a row for each row is no batch, and neither is what it is combined with.
                if (input is { Producer: null, RequiresGrad: true } && Given(input, places) > 0) return 0;
                if (seen.Add(input)) open.Push((input, places));
            }
        }
        return 0;

        int Given(Slot x, int[] at) =>
            Rows(x) is > 1 and var own && Matches(own, at, x.Count) ? own : 0;

        bool Matches(int own, int[] at, int numbers) => own > 1 && count % own == 0
            && rows.Index().All(one => at[one.Index] / (numbers / own) == one.Item / (count / own));
    }

    /// <summary>
    /// A number of each input that is read for the numbers at some places; null where they are of several rows.
    /// </summary>
    static int[]?[] Reads(Node node, int output, int[] at)
    {
        int[]?[] found = [.. node.Inputs.ToArray().Select(x => x.Count > 0 ? new int[at.Length] : null)];
        for (int k = 0; k < at.Length; k++)
        {
            List<LocalDerivative> read = [];
            node.Reads(output, at[k], read);
            for (int i = 0; i < found.Length; i++)
            {
                var x = node.Inputs[i];
                int each = Rows(x) > 0 ? x.Count / Rows(x) : 0, first = -1;
                foreach (var one in read)
                {
                    if (one.Tensor != i) continue;
                    if (first < 0) first = one.At;
                    else if (each == 0 || one.At / each != first / each) found[i] = null;
                }
                if (first < 0) found[i] = null;
                if (found[i] is { } places) places[k] = first;
            }
        }
        return found;
    }

    static int Rows(Slot x) => x.Shape.Rank == 0 ? 0 : x.Shape[0];
}
