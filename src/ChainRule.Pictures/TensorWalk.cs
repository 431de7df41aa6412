using ChainRule.Scalar;

namespace ChainRule.Pictures;

/// <summary>The tensors behind one, each before what was computed from it.</summary>
sealed class TensorWalk
{
    readonly Dictionary<Tensor, int> _number = [];

    public List<Tensor> Tensors { get; } = [];

    /// <summary>Without recursion: a graph may be deeper than the call stack.</summary>
    public static TensorWalk From(Tensor root)
    {
        var walk = new TensorWalk();
        var seen = new HashSet<Tensor>();
        var open = new Stack<(Tensor Tensor, bool ParentsDone)>();
        open.Push((root, false));
        while (open.TryPop(out var at))
        {
            if (at.ParentsDone)
            {
                walk._number.Add(at.Tensor, walk.Tensors.Count);
                walk.Tensors.Add(at.Tensor);
                continue;
            }
            if (!seen.Add(at.Tensor)) continue;
            open.Push((at.Tensor, true));
            foreach (var parent in at.Tensor.Parents.Reverse()) open.Push((parent, false));
        }
        return walk;
    }

    public IReadOnlyList<string> Row(int i)
    {
        var tensor = Tensors[i];
        string made = tensor.IsLeaf ? ""
            : $"{tensor.Op} of {string.Join(" and ", tensor.Parents.Select(parent => $"t{_number[parent]}"))}";
        return [$"t{i}", made, tensor.Shape.ToString(), tensor.DType.ToString(),
            tensor.HasGrad ? "there" : tensor.RequiresGrad ? "wanted" : "none"];
    }

    public string Dot()
    {
        var text = new DotText("rankdir=LR");
        foreach (var (i, tensor) in Tensors.Index())
        {
            string kind = !tensor.IsLeaf ? tensor.Op : tensor.RequiresGrad ? "parameter" : "input";
            string shape = tensor.Shape.Rank == 0 ? "a number" : tensor.Shape.ToString();
            text.Node($"t{i}", $"{kind}\n{shape}", tensor.IsLeaf ? "shape=box, style=rounded" : "shape=box");
            foreach (var parent in tensor.Parents) text.Arrow($"t{_number[parent]}", $"t{i}");
        }
        return text.ToString();
    }
}
