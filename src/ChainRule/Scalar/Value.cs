using System.Globalization;
using ChainRule.Errors;

namespace ChainRule.Scalar;

/// <summary>
/// A number that remembers how it was made: from which parents, by which operation, and with which local derivative
/// ∂this/∂parent for each. The chain rule then needs one line: parent.Grad += derivative · this.Grad.
/// </summary>
/// <remarks>
/// Everything is made of +, ×, powers and the functions below: a − b is a + (−1)·b, and a / b is a·b⁻¹. Graphs that
/// share a value must not be walked by two threads at once.
/// </remarks>
public sealed class Value
{
    readonly Value? _first, _second;
    readonly double _firstDerivative, _secondDerivative;
    int _uses; // how many edges of the walk in progress still point here; 0 between walks

    /// <summary>A leaf: an input, a weight, a constant.</summary>
    public Value(double data, string label = "")
    {
        Data = data;
        Label = label;
        Op = "";
    }

    Value(double data, string op, Value parent, double derivative)
    {
        Data = data;
        Label = "";
        Op = op;
        _first = parent;
        _firstDerivative = derivative;
    }

    Value(double data, string op, Value first, double firstDerivative, Value second, double secondDerivative)
        : this(data, op, first, firstDerivative)
    {
        _second = second;
        _secondDerivative = secondDerivative;
    }

    public double Data { get; set; }

    /// <summary>
    /// ∂root/∂this of the root whose <see cref="Backward"/> was called; in a leaf, summed over the calls since
    /// it was set to 0.
    /// </summary>
    public double Grad { get; set; }

    public string Label { get; set; }

    /// <summary>The operation that made this value; empty in a leaf.</summary>
    public string Op { get; }

    /// <summary>
    /// The values this one was computed from, in the order of the formula; a value used twice stands here twice.
    /// </summary>
    public IReadOnlyList<Value> Parents => _first is null ? [] : _second is null ? [_first] : [_first, _second];

    /// <summary>∂this/∂parent for each of the <see cref="Parents"/>, as it was when this value was computed.</summary>
    public IReadOnlyList<double> LocalDerivatives =>
        _first is null ? [] : _second is null ? [_firstDerivative] : [_firstDerivative, _secondDerivative];

    public static implicit operator Value(double data) => new(data);

    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    public static Value operator +(Value a, Value b)
    {
        Check(a, b, "+");
        return new(a.Data + b.Data, "+", a, 1, b, 1);
    }

    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    public static Value operator *(Value a, Value b)
    {
        Check(a, b, "*");
        return new(a.Data * b.Data, "*", a, b.Data, b, a.Data);
    }

    public static Value operator -(Value a) => a * -1;

    public static Value operator -(Value a, Value b)
    {
        Check(a, b, "-");
        return a + -b;
    }

    public static Value operator -(Value a, double b) => a + -b;

    public static Value operator /(Value a, Value b)
    {
        Check(a, b, "/");
        return a * b.Pow(-1);
    }

    public static Value operator /(Value a, double b) => a * (1 / b);

    /// <summary>The sum of the terms, added from left to right; 0 where there are none.</summary>
    public static Value Sum(params ReadOnlySpan<Value> terms)
    {
        if (terms.IsEmpty) return new Value(0);
        var sum = terms[0] ?? throw new RefusedNullException("sum: term 0 is null: give a Value", nameof(terms));
        foreach (var term in terms[1..]) sum += term;
        return sum;
    }

    /// <summary>y = xᵏ;  dx = dy · k·xᵏ⁻¹, and 0 for x⁰, which is 1 everywhere</summary>
    public Value Pow(double k) =>
        new(Math.Pow(Data, k), string.Create(CultureInfo.InvariantCulture, $"**{k}"), this,
            k == 0 ? 0 : k * Math.Pow(Data, k - 1));

    /// <summary>y = eˣ;  dx = dy · y</summary>
    public Value Exp()
    {
        double y = Math.Exp(Data);
        return new(y, "exp", this, y);
    }

    /// <summary>y = ln x;  dx = dy / x</summary>
    public Value Log() => new(Math.Log(Data), "log", this, 1 / Data);

    /// <summary>y = sin x;  dx = dy · cos x</summary>
    public Value Sin() => new(Math.Sin(Data), "sin", this, Math.Cos(Data));

    /// <summary>y = cos x;  dx = −dy · sin x</summary>
    public Value Cos() => new(Math.Cos(Data), "cos", this, -Math.Sin(Data));

    /// <summary>y = tanh x;  dx = dy · (1 − y²)</summary>
    public Value Tanh()
    {
        double y = Math.Tanh(Data);
        return new(y, "tanh", this, 1 - y * y);
    }

    /// <summary>y = max(x, 0);  dx = dy where x &gt; 0, else 0. NaN stays NaN, in the derivative too.</summary>
    public Value Relu() =>
        double.IsNaN(Data) ? new(Data, "ReLU", this, Data)
            : Data > 0 ? new(Data, "ReLU", this, 1) : new(0, "ReLU", this, 0);

    /// <summary>
    /// y = 1 / (1 + e⁻ˣ); dx = dy · y(1 − y) = dy · e/(1 + e)² with e = exp(−|x|), because 1 − y loses its digits
    /// where y is near 1
    /// </summary>
    public Value Sigmoid()
    {
        double e = Math.Exp(-Math.Abs(Data));
        return new(1 / (1 + Math.Exp(-Data)), "sigmoid", this, e / ((1 + e) * (1 + e)));
    }

    /// <summary>This value under a name, for a picture of the graph.</summary>
    public Value Named(string label)
    {
        Label = label;
        return this;
    }

    /// <summary>
    /// Fills in ∂this/∂v for every value v that this one was made from. Leaves add to what they hold, so set their
    /// <see cref="Grad"/> to 0 between steps; computed values start again from 0.
    /// </summary>
    public void Backward()
    {
        CountUses(clear: true);
        Grad = 1;
        var ready = new Stack<Value>();
        ready.Push(this);
        while (ready.TryPop(out var value))
        {
            value.Propagate();
            value.ReleaseParents(ready);
        }
    }

    /// <summary>One step of the chain rule, from this value to its parents: parent.Grad += derivative · Grad.</summary>
    public void Propagate()
    {
        _first?.Grad += _firstDerivative * Grad;
        _second?.Grad += _secondDerivative * Grad;
    }

    /// <summary>Every value this one was made from, parents before children, and this one last.</summary>
    public Value[] TopologicalOrder()
    {
        int left = CountUses(clear: false);
        var order = new Value[left];
        var ready = new Stack<Value>();
        ready.Push(this);
        while (ready.TryPop(out var value))
        {
            order[--left] = value;
            value.ReleaseParents(ready);
        }
        return order;
    }

    static void Check(Value? a, Value? b, string op)
    {
        if (a is null || b is null)
            throw new RefusedNullException($"{op}: the {(a is null ? "first" : "second")} value is null: give a Value",
                a is null ? nameof(a) : nameof(b));
    }

    // A first walk counts the edges into each value; the walk back then takes a value up once all of them have been
    // released. Neither recurses: a chain may be longer than the call stack is deep.
    int CountUses(bool clear)
    {
        int values = 0;
        var seen = new Stack<Value>();
        seen.Push(this);
        while (seen.TryPop(out var value))
        {
            values++;
            if (value._first is null) continue;
            if (clear) value.Grad = 0;
            if (value._first._uses++ == 0) seen.Push(value._first);
            if (value._second is not null && value._second._uses++ == 0) seen.Push(value._second);
        }
        return values;
    }

    void ReleaseParents(Stack<Value> ready)
    {
        if (_first is not null && --_first._uses == 0) ready.Push(_first);
        if (_second is not null && --_second._uses == 0) ready.Push(_second);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Value(data={Data}, grad={Grad})");
}
