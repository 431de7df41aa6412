using System.Globalization;

namespace ChainRule.Tests.Kernels;

/// <summary>Computes the text of a formula, so that a test can compare it with what the formula computes.</summary>
sealed class TextValue(string text, IReadOnlyDictionary<string, double> numbers)
{
    int _at;

    public static double Of(string text, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        Dictionary<string, double> all = [];
        foreach (var (name, value) in numbers) all[name] = value;
        var reader = new TextValue(text.Replace(" ", ""), all);
        double found = reader.Sum();
        return reader._at == reader.Text.Length ? found
            : throw new FormatException($"'{text}': what is '{reader.Text[reader._at..]}'?");
    }

    string Text => text;

    bool Take(string word)
    {
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0) return false;
        _at += word.Length;
        return true;
    }

    double Sum()
    {
        double x = Product();
        while (true)
        {
            if (Take("+")) x += Product();
            else if (Take("-")) x -= Product();
            else return x;
        }
    }

    double Product()
    {
        double x = Sign();
        while (true)
        {
            if (Take("*")) x *= Sign();
            else if (Take("/")) x /= Sign();
            else return x;
        }
    }

    double Sign() => Take("-") ? -Sign() : Power();

    double Power()
    {
        double x = Atom();
        return Take("^") ? Math.Pow(x, Sign()) : x;
    }

    double Atom()
    {
        if (Take("(")) return Closed(Sum(), ")");
        if (Take("[")) return Closed(Comparison() ? 1 : 0, "]");
        int from = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' || IsExponent())) _at++;
        string word = text[from.._at];
        if (!Take("("))
            return numbers.TryGetValue(word, out double x) ? x : double.Parse(word, CultureInfo.InvariantCulture);
        double first = Sum();
        double second = Take(",") ? Sum() : double.NaN;
        return Closed(Function(word, first, second), ")");
    }

    bool IsExponent() => text[_at] is '-' && text[_at - 1] == 'E' && char.IsAsciiDigit(text[_at - 2]);

    bool Comparison()
    {
        double a = Sum();
        return Take("<=") ? a <= Sum() : Take(">=") ? a >= Sum() : Take("!=") ? a != Sum() : Take("<") ? a < Sum()
            : Take(">") ? a > Sum() : Take("=") ? a == Sum() : throw new FormatException($"'{text}': no comparison");
    }

    double Closed(double x, string end) => Take(end) ? x : throw new FormatException($"'{text}': no '{end}' at {_at}");

    static double Function(string name, double x, double y) => name switch
    {
        "max" => Math.Max(x, y),
        "min" => Math.Min(x, y),
        "exp" => Math.Exp(x),
        "log" => Math.Log(x),
        "tanh" => Math.Tanh(x),
        "sqrt" => Math.Sqrt(x),
        "abs" => Math.Abs(x),
        "sign" => Math.Sign(x),
        "sin" => Math.Sin(x),
        "cos" => Math.Cos(x),
        "floor" => Math.Floor(x),
        "ceil" => Math.Ceiling(x),
        "round" => Math.Round(x),
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        "phi" => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
        "Phi" => (1 + Tensor.Scalar(x / Math.Sqrt(2), DType.Float64).Erf().Item()) / 2,
        "erf" => Tensor.Scalar(x, DType.Float64).Erf().Item(),
        _ => throw new FormatException($"no function is called '{name}'"),
    };
}
