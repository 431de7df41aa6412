namespace ChainRule.Explaining;

/// <summary>
/// The graph of one tensor as explanations see it: who uses a number, what made it, and dL/d(number). The gradients are
/// those of a backward pass of its own, which leaves those of the program as they are. An op that is written with
/// simpler ones is replaced by them when it is come to.
/// </summary>
sealed class ExplainedGraph
{
    readonly Dictionary<Slot, List<(Node Node, int Input)>> _uses = [];
    readonly Dictionary<Slot, Slot> _gradients = [];
    readonly Dictionary<Slot, Slot> _own = []; // what the simpler ops computed → the output of the op that they replace
    readonly Dictionary<Slot, Slot> _inside = []; // and back
    readonly HashSet<Node> _simple = [];

    ExplainedGraph(List<Node> nodes, GraphNames names)
    {
        Names = names;
        foreach (var node in nodes) AddUses(node);
    }

    /// <summary>What tensors are called.</summary>
    public GraphNames Names { get; }

    /// <summary>The graph of a loss, with the gradients of all that it was computed from.</summary>
    public static ExplainedGraph OfGradients(Slot loss, GraphNames names)
    {
        var nodes = Collect(loss.Producer!, after: 0);
        foreach (var node in nodes) node.CheckUnchanged("explain", "explain before the optimiser steps");
        var graph = new ExplainedGraph(nodes, names);
        names.Add(nodes);
        graph.Run(nodes, [(loss, BackwardPass.Ones(loss))]);
        return graph;
    }

    /// <summary>The graph of a value.</summary>
    public static ExplainedGraph OfValues(Slot value, GraphNames names)
    {
        List<Node> nodes = value.Producer is { } producer ? Collect(producer, after: 0) : [];
        foreach (var node in nodes) node.CheckUnchanged("explain", "explain before the optimiser steps");
        names.Add(nodes);
        return new(nodes, names);
    }

    /// <summary>Whether a gradient reached a tensor.</summary>
    public bool HasGradient(Slot x) => _gradients.ContainsKey(Own(x));

    /// <summary>All tensors that a gradient reached, also inside of ops that are written with simpler ones.</summary>
    public List<Slot> All()
    {
        for (int known = -1; known != _gradients.Count;)
        {
            known = _gradients.Count;
            foreach (var x in new List<Slot>(_gradients.Keys)) Uses(x);
        }
        return [.. _gradients.Keys];
    }

    /// <summary>dL/dx of one number; 0 where none reached it.</summary>
    public double Gradient(Slot x, int at) => _gradients.TryGetValue(Own(x), out var gradient)
        ? DTypes.Read(gradient, at) : 0;

    /// <summary>
    /// The ops that read a tensor, in the order in which they ran, each with the input that it is to it.
    /// </summary>
    public List<(Node Node, int Input)> Uses(Slot x)
    {
        if (!_uses.TryGetValue(Own(x), out var uses)) return [];
        // A simpler op may itself be written with others.
        while (uses.Find(use => !_simple.Contains(use.Node)) is { Node: { } node }) Unfold(node);
        return uses;
    }

    /// <summary>The op that computed a tensor, and which of its outputs it is; null for a leaf.</summary>
    public Node? ProducerOf(Slot y, out int output)
    {
        while (true)
        {
            var made = Own(y);
            while (_inside.TryGetValue(made, out var inside)) made = inside;
            if (made.Producer is not { } node)
            {
                output = 0;
                return null;
            }
            if (!_simple.Contains(node) && Unfold(node)) continue;
            output = node.Outputs.IndexOf(made);
            return node;
        }
    }

    /// <summary>The tensor that a number belongs to in the program's own words.</summary>
    public Slot Own(Slot x)
    {
        while (_own.TryGetValue(x, out var own)) x = own;
        return x;
    }

    /// <summary>Puts simpler ops in the place of one; false if it is simple itself.</summary>
    bool Unfold(Node node)
    {
        long before = Node.Youngest;
        Tensor[]? ys;
        using (NoGrad.Suspend()) ys = node.Unfold();
        _simple.Add(node);
        if (ys is null) return false;
        HashSet<Node> found = [];
        List<(Slot, Slot)> seeds = [];
        for (int i = 0; i < node.Outputs.Length; i++)
        {
            Slot own = node.Outputs[i], inside = ys[i].Slot;
            if (inside.Producer is { } producer) found.UnionWith(Collect(producer, before));
            (_own[inside], _inside[own]) = (own, inside);
            if (_gradients.TryGetValue(own, out var gradient)) seeds.Add((inside, gradient));
        }
        foreach (var x in node.Inputs)
            if (_uses.TryGetValue(Own(x), out var uses)) uses.RemoveAll(use => use.Node == node);
        List<Node> nodes = [.. found];
        nodes.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        foreach (var one in nodes) AddUses(one);
        Names.AddInside(node, nodes, ys);
        if (seeds.Count > 0) Run(nodes, seeds);
        return true;
    }

    void AddUses(Node node)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            var x = Own(node.Inputs[i]);
            if (!_uses.TryGetValue(x, out var uses)) _uses[x] = uses = [];
            uses.Add((node, i));
        }
    }

    /// <summary>A backward pass through some nodes, whose gradients are kept here and nowhere else.</summary>
    void Run(List<Node> nodes, List<(Slot Output, Slot Gradient)> seeds)
    {
        HashSet<Slot> slots = [];
        foreach (var node in nodes)
        {
            foreach (var x in node.Inputs) slots.Add(x);
            foreach (var y in node.Outputs) slots.Add(y);
        }
        Slot[] all = [.. slots];
        var aside = Array.ConvertAll(all, static slot => slot.Grad);
        foreach (var slot in all) slot.Grad = null;
        try
        {
            foreach (var (output, gradient) in seeds) output.Grad = gradient;
            for (int i = nodes.Count - 1; i >= 0; i--) if (nodes[i].IsReached) nodes[i].Backward();
            // What an op inside another gives its inputs is in their gradients already.
            foreach (var slot in all) if (slot.Grad is { } gradient) _gradients.TryAdd(Own(slot), gradient);
        }
        finally
        {
            for (int i = 0; i < all.Length; i++) all[i].Grad = aside[i];
        }
    }

    /// <summary>The nodes from one back to the leaves, or to those as old as a number, oldest first.</summary>
    static List<Node> Collect(Node root, long after)
    {
        HashSet<Node> seen = [root];
        List<Node> nodes = [root];
        for (int i = 0; i < nodes.Count; i++)
            foreach (var x in nodes[i].Inputs)
                if (x.Producer is { } producer && producer.Order > after && seen.Add(producer)) nodes.Add(producer);
        nodes.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        return nodes;
    }
}
