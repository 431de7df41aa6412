namespace ChainRule;

/// <summary>What an op does to single numbers: asked for by explanations, and by nobody else.</summary>
abstract partial class Node
{
    /// <summary>The op's mathematics as text.</summary>
    public virtual OpText Text => default;

    /// <summary>The ids by which rows are picked, whose axes y begins with; null if there are none.</summary>
    public virtual Ids? Ids => null;

    /// <summary>How the outputs depend on the inputs.</summary>
    public virtual Linearity Linearity => Linearity.None;

    /// <summary>The input that is only added; −1 if there is none.</summary>
    public virtual int Addend => -1;

    /// <summary>The outputs by simpler ops; null if this op is simple itself.</summary>
    public virtual Tensor[]? Unfold() => null;

    /// <summary>Lists the numbers of the outputs that one number of an input reaches.</summary>
    public virtual void Reaches(int input, int at, List<LocalDerivative> found)
    {
        for (int output = 0; output < _outputCount; output++)
            Probe(input, at, output, new(0, _outputs[output].Count), found);
    }

    /// <summary>Lists the numbers of the inputs that one number of an output is computed from.</summary>
    public virtual void Reads(int output, int at, List<LocalDerivative> found)
    {
        var dx = Back(output, at, at + 1, towardsAll: true);
        for (int i = 0; i < dx.Length; i++)
        {
            if (dx[i] is not { } gradient) continue;
            for (int k = 0; k < gradient.Count; k++)
                if (DTypes.Read(gradient, k) is not 0 and var d) found.Add(new(i, k, d));
        }
    }

    /// <summary>
    /// What the op's own backward pass gives each input where dL/d(output) is not 0 at a range of places alone; null
    /// for an input that requires none. Two inputs that are one tensor are told apart where the op can.
    /// </summary>
    protected virtual Slot?[] Back(int output, int from, int to, bool towardsAll = false)
    {
        Slot[] inputs = [.. Inputs], outputs = [.. Outputs];
        var aside = Array.ConvertAll(inputs, static x => x.Grad);
        var given = Array.ConvertAll(outputs, static y => y.Grad);
        foreach (var x in inputs) x.Grad = null;
        for (int i = 0; i < outputs.Length; i++) outputs[i].Grad = Weights(outputs[i], i == output, from, to);
        try
        {
            Backward();
            var seen = new HashSet<Slot>();
            return Array.ConvertAll(inputs, x => seen.Add(x) ? x.Grad : null);
        }
        finally
        {
            for (int i = 0; i < inputs.Length; i++) inputs[i].Grad = aside[i];
            for (int i = 0; i < outputs.Length; i++) outputs[i].Grad = given[i];
        }
    }

    /// <summary>
    /// A gradient of an output: 1 at a single place, and at several weights between 1 and 2 that no derivatives cancel
    /// by chance; 0 elsewhere.
    /// </summary>
    protected static Slot Weights(Slot output, bool asked, int from, int to)
    {
        var dy = Slot.Make(output.Shape, output.DType, zeroed: true, output.Owner);
        for (int i = from; asked && i < to; i++)
            DTypes.Write(dy, i, to - from == 1 ? 1 : 1 + i * 0.6180339887498949 % 1);
        return dy;
    }

    /// <summary>
    /// Finds what one number reaches by halves: a backward pass is linear in dL/dy, so that a half that gives nothing
    /// has nothing in it.
    /// </summary>
    void Probe(int input, int at, int output, Range places, List<LocalDerivative> found)
    {
        int from = places.Start.Value, to = places.End.Value;
        if (from == to || Back(output, from, to)[input] is not { } dx) return;
        double sum = DTypes.Read(dx, at);
        if (sum == 0) return;
        if (to - from == 1)
        {
            found.Add(new(output, from, sum));
            return;
        }
        int middle = from + (to - from) / 2;
        Probe(input, at, output, new(from, middle), found);
        Probe(input, at, output, new(middle, to), found);
    }
}

sealed partial class Node<TOp>
{
    public override OpText Text => _op.Text;

    public override Ids? Ids => _op.Ids;

    public override Linearity Linearity => _op.Linearity;

    public override int Addend => _op.Addend;

    public override Tensor[]? Unfold() => _op.Unfold(Array.ConvertAll(Inputs.ToArray(), static x => new Tensor(x)));

    public override void Reaches(int input, int at, List<LocalDerivative> found)
    {
        if (DTypes.Reaches(_op, Inputs, Outputs, ref _saved, input, at, found)) return;
        var column = Outputs.Length > 1 ? null : _op.Linearity != Linearity.None ? Forward(input, at)
            : TwiceBack(input, at);
        if (column is null)
        {
            base.Reaches(input, at, found);
            return;
        }
        for (int k = 0; k < column.Count; k++)
            if (DTypes.Read(column, k) is not 0 and var d) found.Add(new(0, k, d));
    }

    public override void Reads(int output, int at, List<LocalDerivative> found)
    {
        if (output > 0 || !DTypes.Reads(_op, Inputs, Outputs, ref _saved, at, found)) base.Reads(output, at, found);
    }

    protected override Slot?[] Back(int output, int from, int to, bool towardsAll = false)
    {
        // Handles of their own on the same numbers: the tensors' own gradients stay as they are.
        Slot[] inputs = Apart(Inputs), outputs = Apart(Outputs);
        for (int i = 0; i < inputs.Length; i++) inputs[i].RequiresGrad = towardsAll || Inputs[i].RequiresGrad;
        for (int i = 0; i < outputs.Length; i++) outputs[i].Grad = Weights(outputs[i], i == output, from, to);
        DTypes.Backward(_op, inputs, outputs, ref _saved);
        return Array.ConvertAll(inputs, static x => x.Grad);
    }

    /// <summary>∂y/∂x of one number, of an op that is linear in x: y of 1 there and 0 elsewhere.</summary>
    Slot Forward(int input, int at)
    {
        var given = new Slot[Inputs.Length];
        for (int i = 0; i < given.Length; i++)
        {
            bool meets = i != input && _op.Linearity == Linearity.InEach && i != _op.Addend && input != _op.Addend;
            given[i] = meets ? Inputs[i] : Slot.Make(Inputs[i].Shape, Inputs[i].DType, zeroed: true);
        }
        DTypes.Write(given[input], at, 1);
        var y = Slot.Make(Outputs[0].Shape, Outputs[0].DType);
        SavedTensors saved = default;
        DTypes.Forward(_op, given, [y], ref saved);
        return y;
    }

    /// <summary>
    /// ∂y/∂x of one number, of an op whose gradient has a graph: dL/dx is linear in dL/dy, and its derivative by dL/dy
    /// is ∂y/∂x. Null where it has none.
    /// </summary>
    Slot? TwiceBack(int input, int at)
    {
        using var recording = NoGrad.Suspend();
        var x = Array.ConvertAll(Apart(Inputs), static slot => new Tensor(slot));
        var y = Outputs[0].Reshaped(Outputs[0].Shape);
        var dy = Slot.Make(y.Shape, y.DType);
        DTypes.Fill(dy, 1);
        dy.RequiresGrad = true;
        if (_op.GradientOf(input, x, new(y), new(dy)) is not { Slot.Producer: not null } dx) return null;
        BackwardPass.From(dx.Slot, Weights(dx.Slot, true, at, at + 1), keepGraph: false);
        return dy.Grad;
    }

    static Slot[] Apart(ReadOnlySpan<Slot> slots) =>
        Array.ConvertAll(slots.ToArray(), static slot => slot.Reshaped(slot.Shape));
}
