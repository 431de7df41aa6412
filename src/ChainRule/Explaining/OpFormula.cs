namespace ChainRule.Explaining;

/// <summary>An op's formulas, in letters and with numbers put in.</summary>
sealed class OpFormula(Node node)
{
    readonly OpText _text = node.Text;

    /// <summary>y in letters.</summary>
    public string Value => !_text.IsElementwise ? _text.Value ?? "" : $"y = {FormulaNumbers.Pretty(_text.Value)}";

    /// <summary>dL/d(input) in letters.</summary>
    public string Gradient(int input)
    {
        string text = _text.Gradient(input);
        if (!_text.IsElementwise || text.Length == 0) return text;
        string x = Letter(input);
        return text == "1" ? $"d{x} = dy" : text == "-1" ? $"d{x} = −dy"
            : $"d{x} = dy · {FormulaNumbers.Bracketed(FormulaNumbers.Pretty(text))}";
    }

    /// <summary>y with this element's numbers; empty where it is not of a few numbers.</summary>
    public string ValueNumbers(int at) => !_text.IsElementwise ? "" : With(_text.Value, at);

    /// <summary>How a derivative is made up.</summary>
    public string Derivative(int input, int at, LocalDerivative local, GraphNames names) =>
        local.Factor >= 0 ? Factor(local, names)
        : _text.IsElementwise && _text.Gradient(input).Any(char.IsLetter) ? With(_text.Gradient(input), local.At) : "";

    /// <summary>The number of another input that a derivative is.</summary>
    public string Factor(LocalDerivative local, GraphNames names) =>
        names.Of(node.Inputs[local.Factor], local.FactorAt);

    string With(string text, int at)
    {
        var y = node.Outputs[0];
        Dictionary<string, double> numbers = new() { ["y"] = DTypes.Read(y, at) };
        for (int i = 0; i < node.Inputs.Length; i++)
            numbers[Letter(i)] = DTypes.Read(node.Inputs[i], new Stretch(node.Inputs[i].Shape, y.Shape).From(at));
        return FormulaNumbers.Pretty(FormulaNumbers.With(text, numbers));
    }

    string Letter(int input) => node.Inputs.Length == 1 ? "x" : input == 0 ? "a" : "b";
}
