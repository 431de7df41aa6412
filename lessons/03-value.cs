// Lesson 03: A number that remembers. Fifty lines of C# that do backpropagation through any expression.
//
// In lesson 02 you walked back through an expression by hand. Here a class does it: Value is a number that remembers
// which numbers it was made of and how much each of them moves it. This is micrograd, the whole idea of PyTorch and of
// ChainRule, at its smallest; it is slow (one object a number), and it imports nothing. It runs in a second and follows
// the middle of Andrej Karpathy's lecture, whose numbers stand beside ours.

if (args.FirstOrDefault(arg => arg is not ("--quick" or "--full")) is { } odd)
{
    Console.Error.WriteLine($"lesson: '{odd}' is no option: it has --full, --quick");
    return 3;
}

// The expression of lesson 02, and its picture: who was made of whom, with what number and what slope.
Value a = new(2, "a"), b = new(-3, "b"), c = new(10, "c"), f = new(-2, "f");
Value L = ((a * b).Named("e") + c).Named("d") * f;
L.Label = "L";
L.Backward();
Console.WriteLine("1. L = (a · b + c) · f, made of Values. The result stands on top, what it was made of below it:\n");
Draw(L);
Console.WriteLine("\n   One call of Backward has filled in every slope.\n");
foreach (var (value, lecture) in new[] { (a, "6.0"), (b, "-4.0"), (c, "-2.0"), (L.Parents[0].Parents[0], "-2.0"),
    (L.Parents[0], "-2.0"), (f, "4.0"), (L, "1.0") })
    Compare($"dL/d{value.Label}", lecture, value.Grad);

Console.WriteLine("""

    2. The order of the walk.

    A value may hand its slope on only when it has got all of it. So first the graph is laid out in a row, everything
    before what is made of it, and then the row is walked from its end. For a neuron o = tanh(x₁w₁ + x₂w₂ + b) that row
    is:
    """);
Value x1 = new(2, "x1"), x2 = new(0, "x2"), w1 = new(-3, "w1"), w2 = new(1, "w2"), bias = new(6.8813735870195432, "b");
Value n = ((x1 * w1).Named("x1w1") + (x2 * w2).Named("x2w2")).Named("sum") + bias;
Value o = n.Named("n").Tanh().Named("o");
o.Backward();
Console.WriteLine("\n    " + string.Join(" → ", o.Order().Select(v => v.Label)) + "\n");
Compare("values in the row", "10", o.Order().Count);
Compare("n", "0.8813735870195432", n.Data);
Compare("o", "0.70710678118655", o.Data);
foreach (var (value, lecture) in new[] { (x1, "-1.5"), (w1, "1.0"), (x2, "0.5"), (w2, "0.0"), (bias, "0.5"),
    (n, "0.5") }) Compare($"do/d{value.Label}", lecture, value.Grad);

Console.WriteLine("""

    3. Slopes add where paths meet.

    If a number is used twice, it moves the result in two ways, and its slope is the sum of both. That is why Backward
    says += and never =. So it is with x in x + x, and with a and b in f = (a·b) · (a+b), where a = −2 and b = 3:
    """);
Value twice = new(3);
(twice + twice).Backward();
Compare("d(x + x)/dx", "2.0", twice.Grad);
Value p = new(-2, "a"), q = new(3, "b");
Value product = p * q, sum = p + q;
(product * sum).Backward();
Compare("df/da", "-3.0", p.Grad);
Compare("df/db", "-8.0", q.Grad);
Compare("df/d(a·b)", "1.0", product.Grad);
Compare("df/d(a+b)", "-6.0", sum.Grad);

Console.WriteLine("""

    4. A picture, for a program that draws. DOT is the language of Graphviz: name boxes and arrows, and it finds a place
    for each.
    """);
Console.WriteLine(Dot(L));
return 0;

// Left to right as in the lecture: boxes "label | data | grad", and a small node for each operation.
static string Dot(Value root)
{
    var order = root.Order();
    var lines =
        order.Select(
            (v, i) => $"  v{i} [shape=record, label=\"{{ {v.Label} | data {v.Data:F4} | grad {v.Grad:F4} }}\"];")
        .Concat(order.Index().Where(at => at.Item.Op != "").Select(at =>
            $"  o{at.Index} [label=\"{at.Item.Op}\"]; "
                + $"{{{string.Join(' ', at.Item.Parents.Select(from => $"v{order.IndexOf(from)}"))}}} -> o{at.Index} "
                + $"-> v{at.Index};"));
    return "digraph {\n  rankdir=LR;\n" + string.Join('\n', lines) + "\n}";
}

static void Draw(Value v, string indent = "    ", string branch = "")
{
    Console.WriteLine(
        $"{indent}{branch}{v.Label} = {v.Data:F4}   grad {v.Grad:F4}{(v.Op == "" ? "" : $"   made by {v.Op}")}");
    string below = indent + branch switch { "" => "", "├─ " => "│  ", _ => "   " };
    for (int i = 0; i < v.Parents.Count; i++) Draw(v.Parents[i], below, i < v.Parents.Count - 1 ? "├─ " : "└─ ");
}

// A number of ours beside the lecture's, at the lecture's decimals.
static void Compare(string name, string lecture, double ours)
{
    int point = lecture.IndexOf('.');
    string text = ours.ToString("F" + (point < 0 ? 0 : lecture.Length - point - 1));
    Console.WriteLine($"    {name}: {text} | lecture: {lecture} | {(text == lecture ? "agrees" : "differs")}");
}

/// <summary>A number that remembers how it was made.</summary>
sealed class Value(double data, string label = "")
{
    public double Data = data, Grad;
    public string Label = label, Op = "";

    // What it was made of, and how much each of them moves it: its slope.
    public List<Value> Parents = [];
    List<double> _slopes = [];

    // Every operation knows its own slopes, and nothing else.
    public static Value operator +(Value a, Value b) => Made("+", a.Data + b.Data, (a, 1), (b, 1));
    public static Value operator *(Value a, Value b) => Made("*", a.Data * b.Data, (a, b.Data), (b, a.Data));
    public Value Tanh() => Math.Tanh(Data) is var y ? Made("tanh", y, (this, 1 - y * y)) : this;

    public Value Named(string label)
    {
        Label = label;
        return this;
    }

    /// <summary>The chain rule: from this value, whose slope by itself is 1, to everything it was made of.</summary>
    public void Backward()
    {
        Grad = 1;
        foreach (var value in Enumerable.Reverse(Order()))
            foreach (var (parent, slope) in value.Parents.Zip(value._slopes))
                parent.Grad += slope * value.Grad;
    }

    /// <summary>Everything this was made of, each before what was made of it, and this at the end.</summary>
    public List<Value> Order()
    {
        var (order, seen) = (new List<Value>(), new HashSet<Value>());
        void Visit(Value value)
        {
            if (!seen.Add(value)) return;
            value.Parents.ForEach(Visit);
            order.Add(value);
        }
        Visit(this);
        return order;
    }

    static Value Made(string op, double data, params (Value From, double Slope)[] parts) =>
        new(data) { Op = op, Parents = [.. parts.Select(part => part.From)],
            _slopes = [.. parts.Select(part => part.Slope)] };
}

// expected:
// 1. L = (a · b + c) · f, made of Values. The result stands on top, what it was made of below it:
//
//     L = -8.0000   grad 1.0000   made by *
//     ├─ d = 4.0000   grad -2.0000   made by +
//     │  ├─ e = -6.0000   grad -2.0000   made by *
//     │  │  ├─ a = 2.0000   grad 6.0000
//     │  │  └─ b = -3.0000   grad -4.0000
//     │  └─ c = 10.0000   grad -2.0000
//     └─ f = -2.0000   grad 4.0000
//
//    One call of Backward has filled in every slope.
//
//     dL/da: 6.0 | lecture: 6.0 | agrees
//     dL/db: -4.0 | lecture: -4.0 | agrees
//     dL/dc: -2.0 | lecture: -2.0 | agrees
//     dL/de: -2.0 | lecture: -2.0 | agrees
//     dL/dd: -2.0 | lecture: -2.0 | agrees
//     dL/df: 4.0 | lecture: 4.0 | agrees
//     dL/dL: 1.0 | lecture: 1.0 | agrees
//
// 2. The order of the walk.
//
// A value may hand its slope on only when it has got all of it. So first the graph is laid out in a row, everything
// before what is made of it, and then the row is walked from its end. For a neuron o = tanh(x₁w₁ + x₂w₂ + b) that row
// is:
//
//     x1 → w1 → x1w1 → x2 → w2 → x2w2 → sum → b → n → o
//
//     values in the row: 10 | lecture: 10 | agrees
//     n: 0.8813735870195432 | lecture: 0.8813735870195432 | agrees
//     o: 0.70710678118655 | lecture: 0.70710678118655 | agrees
//     do/dx1: -1.5 | lecture: -1.5 | agrees
//     do/dw1: 1.0 | lecture: 1.0 | agrees
//     do/dx2: 0.5 | lecture: 0.5 | agrees
//     do/dw2: 0.0 | lecture: 0.0 | agrees
//     do/db: 0.5 | lecture: 0.5 | agrees
//     do/dn: 0.5 | lecture: 0.5 | agrees
//
// 3. Slopes add where paths meet.
//
// If a number is used twice, it moves the result in two ways, and its slope is the sum of both. That is why Backward
// says += and never =. So it is with x in x + x, and with a and b in f = (a·b) · (a+b), where a = −2 and b = 3:
//     d(x + x)/dx: 2.0 | lecture: 2.0 | agrees
//     df/da: -3.0 | lecture: -3.0 | agrees
//     df/db: -8.0 | lecture: -8.0 | agrees
//     df/d(a·b): 1.0 | lecture: 1.0 | agrees
//     df/d(a+b): -6.0 | lecture: -6.0 | agrees
//
// 4. A picture, for a program that draws. DOT is the language of Graphviz: name boxes and arrows, and it finds a place
// for each.
// digraph {
//   rankdir=LR;
//   v0 [shape=record, label="{ a | data 2.0000 | grad 6.0000 }"];
//   v1 [shape=record, label="{ b | data -3.0000 | grad -4.0000 }"];
//   v2 [shape=record, label="{ e | data -6.0000 | grad -2.0000 }"];
//   v3 [shape=record, label="{ c | data 10.0000 | grad -2.0000 }"];
//   v4 [shape=record, label="{ d | data 4.0000 | grad -2.0000 }"];
//   v5 [shape=record, label="{ f | data -2.0000 | grad 4.0000 }"];
//   v6 [shape=record, label="{ L | data -8.0000 | grad 1.0000 }"];
//   o2 [label="*"]; {v0 v1} -> o2 -> v2;
//   o4 [label="+"]; {v2 v3} -> o4 -> v4;
//   o6 [label="*"]; {v4 v5} -> o6 -> v6;
// }
