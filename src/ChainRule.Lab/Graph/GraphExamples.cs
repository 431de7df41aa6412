namespace ChainRule.Lab.Graph;

/// <summary>The programs of the first lecture, and what teaches something beside them.</summary>
static class GraphExamples
{
    public static IReadOnlyList<GraphExample> All { get; } =
    [
        new("expression", "The first expression: L = (a b + c) f",
            "a = 2\nb = -3\nc = 10\nf = -2\ne = a*b\nd = e + c\nL = d * f\n"),
        new("neuron", "A neuron: tanh(x₁ w₁ + x₂ w₂ + b)",
            "x1 = 2\nx2 = 0\nw1 = -3\nw2 = 1\nb = 6.8813735870195432\nx1w1 = x1*w1\nx2w2 = x2*w2\n"
                + "sum = x1w1 + x2w2\nn = sum + b\no = tanh(n)\n"),
        new("exp", "The same neuron, tanh made of exp",
            "x1 = 2\nx2 = 0\nw1 = -3\nw2 = 1\nb = 6.8813735870195432\nn = x1*w1 + x2*w2 + b\ne = exp(2*n)\n"
                + "o = (e - 1) / (e + 1)\n"),
        new("twice", "A number used twice: b = a + a", "a = 3\nb = a + a\n"),
        new("reused", "Used by two ops: f = (a b) (a + b)",
            "a = -2\nb = 3\nd = a*b\ne = a + b\nf = d * e\n"),
        new("exercise", "The exercise: sine, powers and roots",
            "a = 2\nb = 3\nc = 4\nf = -a^3 + sin(3*b) - 1/c + b^2.5 - sqrt(a)\n"),
        new("softmax", "Negative log-likelihood of a softmax",
            "a = 0\nb = 3\nc = -2\nd = 1\ncounts = exp(a) + exp(b) + exp(c) + exp(d)\np = exp(d) / counts\n"
                + "loss = -log(p)\n"),
        new("sharp", "As it stands in C#: L = (a*b + c) * f",
            "var a = 2.0;\nvar b = -3.0;\nvar c = 10.0;\nvar f = -2.0;\n"
                + "var L = (a*b + c) * f;   // Math.Tanh(x), Math.Pow(x, 2) and others can be used\n"),
    ];
}
