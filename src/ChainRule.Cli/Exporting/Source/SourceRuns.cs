using System.Globalization;
using ChainRule.Tracing;

namespace ChainRule.Cli.Exporting.Source;

/// <summary>A computation that ran.</summary>
/// <param name="Trace">Its ops.</param>
/// <param name="Steps">How many steps went in; 0 where their number is fixed.</param>
/// <param name="Ids">The ids that went in; none without.</param>
sealed record SourceRun(Trace Trace, int Steps, int[] Ids);

/// <summary>
/// The same computation run with several numbers of steps, and once more with other numbers: what is alike in all runs
/// is written as it is, and a size that differs as a formula of <c>steps</c>.
/// </summary>
sealed class SourceRuns
{
    public SourceRuns(IReadOnlyList<SourceRun> runs)
    {
        All = runs;
        var first = runs[0].Trace;
        foreach (var run in runs)
            if (!run.Trace.Ops.Select(op => op.Name).SequenceEqual(first.Ops.Select(op => op.Name)))
                throw new ArgumentException("export: the model computes otherwise where there are more steps: this is "
                    + "not written as C#");
    }

    /// <summary>All runs: in the first steps are the most, and the last is of other numbers.</summary>
    public IReadOnlyList<SourceRun> All { get; }

    public Trace First => All[0].Trace;

    /// <summary>A size, run by run, as it is written: a number, or a formula of the steps.</summary>
    public string Size(IReadOnlyList<int> sizes)
    {
        int[] steps = [.. All.Select(run => run.Steps)];
        if (sizes.All(size => size == sizes[0])) return sizes[0].ToString(CultureInfo.InvariantCulture);
        int other = Array.FindIndex(steps, step => step != steps[0]);
        if (other > 0)
        {
            // a + b T
            int b = (sizes[0] - sizes[other]) / (steps[0] - steps[other]), a = sizes[0] - b * steps[0];
            if (steps.Zip(sizes).All(one => a + b * one.First == one.Second))
                return (b == 1 ? "steps" : string.Create(CultureInfo.InvariantCulture, $"{b} * steps"))
                    + (a == 0 ? "" : (a < 0 ? " - " : " + ") + Math.Abs(a).ToString(CultureInfo.InvariantCulture));
            // c T²
            int c = sizes[0] / (steps[0] * steps[0]);
            if (steps.Zip(sizes).All(one => c * one.First * one.First == one.Second))
                return string.Create(CultureInfo.InvariantCulture, $"{c} * steps * steps");
        }
        throw new ArgumentException($"export: the model has the sizes {string.Join(", ", sizes)} where "
            + $"{string.Join(", ", steps)} steps go in, and no formula of them is known: this is not written as C#");
    }

    /// <summary>A shape as an array: <c>[1, steps, 24]</c>.</summary>
    public string Shape(Func<Trace, Shape> shape)
    {
        Shape[] all = [.. All.Select(run => shape(run.Trace))];
        return $"[{string.Join(", ", Enumerable.Range(0, all[0].Rank).Select(axis =>
            Size([.. all.Select(one => one[axis])])))}]";
    }

    /// <summary>Whether a value's numbers are the same in every run.</summary>
    public bool IsFixed(int value)
    {
        Tensor first = First.Values[value].Constant!.Value;
        return All.All(run => run.Trace.Values[value].Constant is { } x && x.Shape == first.Shape
            && x.Detach().To(DType.Float64).ToArray<double>().SequenceEqual(
                first.Detach().To(DType.Float64).ToArray<double>()));
    }

    /// <summary>Whether a value's numbers at fewer steps are those at the most, up to a smaller size of each
    /// axis.</summary>
    public bool IsCorner(int value)
    {
        Tensor most = First.Values[value].Constant!.Value;
        return All.All(run =>
        {
            if (run.Trace.Values[value].Constant is not { } x || x.Rank != most.Rank) return false;
            var part = most.Detach();
            for (int axis = 0; axis < x.Rank; axis++)
            {
                if (x.Shape[axis] > part.Shape[axis]) return false;
                part = part.Slice(axis, 0, x.Shape[axis]);
            }
            return part.To(DType.Float64).ToArray<double>().SequenceEqual(
                x.Detach().To(DType.Float64).ToArray<double>());
        });
    }
}
