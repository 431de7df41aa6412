using System.Globalization;

namespace ChainRule.Zoo.Lectures;

/// <summary>
/// The options that a lesson is run with: <c>--quick</c>, <c>--full</c> and numbers of its own, such as
/// <c>--learning-rate 0.01</c>. What is wrong with one is printed as a sentence, and <see cref="Ok"/> is then false;
/// the lesson ends with <see cref="Lecture.Misused"/>. <c>--help</c> prints the options, and what each is.
/// </summary>
/// <example><c>var options = new LessonOptions(args); int steps = options.Integer("--steps", 100, least: 1); if
/// (!options.Ok()) return Lecture.Misused;</c></example>
public sealed class LessonOptions(string[] args)
{
    readonly HashSet<string> _known = ["--quick", "--full"], _flags = ["--quick", "--full"];
    readonly List<string> _problems = [];
    readonly List<(string Option, string Meaning)> _meanings =
    [
        ("--quick", "small sizes, in a second or two"),
        ("--full", "the lecture's own sizes; some lessons take many minutes"),
    ];

    /// <summary>With small sizes, in a second or two.</summary>
    public bool Quick => args.Contains("--quick");

    /// <summary>At the lecture's own sizes.</summary>
    public bool Full => args.Contains("--full");

    /// <summary>Whether an option that has no value is given, such as <c>--all</c>.</summary>
    public bool Flag(string name, string meaning = "")
    {
        _known.Add(name);
        _meanings.Add((name, meaning));
        _flags.Add(name);
        return args.Contains(name);
    }

    /// <summary>
    /// A whole number from <paramref name="least"/> to <paramref name="most"/>; <paramref name="otherwise"/> where the
    /// option is not given.
    /// </summary>
    public int Integer(string name, int otherwise, int least = 0, int most = int.MaxValue, string meaning = "")
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least:N0} to {most:N0}");
        return Find($"{name} N", meaning, wanted) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                && number >= least && number <= most ? number
            : Refuse(name, text, wanted, otherwise);
    }

    /// <summary>A seed: a whole number from 0 to 4,294,967,295.</summary>
    public uint Seed(string name, uint otherwise)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {uint.MaxValue:N0}");
        return Find($"{name} N", "what is drawn: the same seed draws the same", wanted) is not { } text ? otherwise
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number
            : Refuse(name, text, wanted, otherwise);
    }

    /// <summary>A finite number above 0.</summary>
    public double Positive(string name, double otherwise, string meaning = "") =>
        Number(name, otherwise, static number => number > 0, "a number above 0, such as 0.01", meaning);

    /// <summary>Any finite number.</summary>
    public double Number(string name, double otherwise, string meaning = "") =>
        Number(name, otherwise, static _ => true, "a number, such as -0.5", meaning);

    /// <summary>
    /// Whether every option that was given is one of the lesson's and has a value that it can have; if not, says on
    /// stderr what is wrong. <c>--help</c> prints the options on stdout, and ends the program well.
    /// </summary>
    public bool Ok()
    {
        if (args.Contains("--help"))
        {
            Console.WriteLine(Help);
            Environment.Exit(0);
        }
        for (int i = 0; i < args.Length; i++)
        {
            if (_known.Contains(args[i]))
            {
                if (!_flags.Contains(args[i])) i++;
                continue;
            }
            _problems.Add($"'{Printable.Of(args[i])}' is no option of this lesson: it has "
                + $"{Printable.List([.. _known.Order(StringComparer.Ordinal)])}");
        }
        if (Quick && Full) _problems.Add("--quick does not go with --full: choose one");
        foreach (string problem in _problems) Console.Error.WriteLine($"lesson: {problem}");
        return _problems.Count == 0;
    }

    /// <summary>The options, a line each, with what they are.</summary>
    internal string Help
    {
        get
        {
            int width = _meanings.Max(static one => one.Option.Length);
            return string.Join('\n', _meanings.Select(one => $"{one.Option.PadRight(width)}  {one.Meaning}".TrimEnd())
                .Prepend("Options of this lesson:"));
        }
    }

    double Number(string name, double otherwise, Func<double, bool> fits, string wanted, string meaning) =>
        Find($"{name} NUMBER", meaning, wanted) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && fits(number) ? number
        : Refuse(name, text, wanted, otherwise);

    string? Find(string option, string meaning, string wanted)
    {
        string name = option.Split(' ')[0];
        _known.Add(name);
        _meanings.Add((option, meaning.Length == 0 ? wanted : $"{meaning}; {wanted}"));
        int at = Array.IndexOf(args, name);
        if (at < 0) return null;
        if (Array.LastIndexOf(args, name) != at) _problems.Add($"{name} is given twice: give it once");
        return at + 1 < args.Length ? args[at + 1] : "";
    }

    T Refuse<T>(string name, string text, string wanted, T otherwise)
    {
        _problems.Add(text.Length == 0 ? $"{name} has no value: give {wanted}"
            : $"{name} {Printable.Of(text)}: give {wanted}");
        return otherwise;
    }
}
