using System.Globalization;
using System.Text;

namespace ChainRule;

public readonly partial struct Tensor
{
    // Longer axes show this many places at each end.
    const int Edge = 3;

    /// <summary>
    /// The numbers, row by row, long axes shortened; then shape, type, and mean ± standard deviation.
    /// </summary>
    public override string ToString()
    {
        if (_slot is null) return "tensor without a value";
        if (_slot.Stamp != _stamp) return "tensor of a scope which has ended";
        var slot = Slot;
        var text = new StringBuilder();
        var shown = new List<string>();
        Visit(slot, 0, 0, i => shown.Add(Number(DTypes.Read(slot, i))));
        int width = shown.Count == 0 ? 0 : shown.Max(s => s.Length);
        Write(text, slot, 0, 0, width);
        text.Append('\n').Append(slot.Shape).Append(' ').Append(slot.DType);
        if (slot.Count > 1)
        {
            double mean = 0, square = 0;
            for (int i = 0; i < slot.Count; i++) mean += DTypes.Read(slot, i) / slot.Count;
            for (int i = 0; i < slot.Count; i++) square += Math.Pow(DTypes.Read(slot, i) - mean, 2);
            text.Append(CultureInfo.InvariantCulture,
                $", {Number(mean).Trim()} ± {Number(Math.Sqrt(square / (slot.Count - 1))).Trim()}");
        }
        if (slot.Producer is { } producer) text.Append(CultureInfo.InvariantCulture, $", from '{producer.Op}'");
        else if (slot.RequiresGrad) text.Append(", requires a gradient");
        return text.ToString();
    }

    static void Write(StringBuilder text, Slot slot, int axis, int at, int width)
    {
        if (axis == slot.Shape.Rank)
        {
            text.Append(Number(DTypes.Read(slot, at)).PadLeft(width));
            return;
        }
        int size = slot.Shape[axis], step = Step(slot, axis);
        bool innermost = axis == slot.Shape.Rank - 1;
        text.Append('[');
        for (int i = 0; i < size; i++)
        {
            if (i > 0) text.Append(innermost ? "  " : "\n" + new string(' ', axis + 1));
            if (size > 2 * Edge + 1 && i == Edge)
            {
                text.Append('…');
                i = size - Edge - 1;
                continue;
            }
            Write(text, slot, axis + 1, at + i * step, width);
        }
        text.Append(']');
    }

    /// <summary>Visits the flat indices that are shown.</summary>
    static void Visit(Slot slot, int axis, int at, Action<int> visit)
    {
        if (axis == slot.Shape.Rank)
        {
            visit(at);
            return;
        }
        int size = slot.Shape[axis];
        for (int i = 0; i < size; i++)
        {
            if (size > 2 * Edge + 1 && i == Edge) i = size - Edge;
            Visit(slot, axis + 1, at + i * Step(slot, axis), visit);
        }
    }

    static int Step(Slot slot, int axis)
    {
        int step = 1;
        foreach (int size in slot.Shape.Span[(axis + 1)..]) step *= size;
        return step;
    }

    static string Number(double x) =>
        x == 0 || (Math.Abs(x) is >= 1e-3 and < 1e5) ? x.ToString("0.0000", CultureInfo.InvariantCulture)
        : double.IsFinite(x) ? x.ToString("0.000e+00", CultureInfo.InvariantCulture)
        : double.IsNaN(x) ? "NaN" : x > 0 ? "∞" : "-∞";
}
