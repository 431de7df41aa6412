using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ChainRule;

/// <summary>
/// Every error of the library is one sentence, <i>what was asked: what disagrees: what would do</i>, and leaves through here:
/// a method that throws is not inlined, so the check costs its caller one compare. Whatever a sentence quotes, it stays one line (<see cref="Printable"/>).
/// </summary>
static class Throw
{
    /// <summary>An argument that can never be right.</summary>
    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(Printable.Message(message));

    /// <summary>An index, axis or number outside its range.</summary>
    [DoesNotReturn]
    [SuppressMessage("Usage", "CA2208", Justification = "The sentence names the argument in the user's words.")]
    public static void OutOfRange(string message) => throw new ArgumentOutOfRangeException(null, Printable.Message(message));

    /// <summary>Refuses null where something is needed.</summary>
    public static void IfNull([NotNull] object? x, string asked, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x is null) Null(asked, name);
    }

    /// <summary>A setting that must be a finite number, 0 or more, such as ε.</summary>
    public static double IfNegative(double x, string asked, string name)
    {
        if (!(x >= 0 && double.IsFinite(x))) OutOfRange($"{asked}: {name} {x}: give a finite number, 0 or more");
        return x;
    }

    /// <summary>A setting that must be a finite number above 0, such as a width.</summary>
    public static double IfNotPositive(double x, string asked, string name)
    {
        if (!(x > 0 && double.IsFinite(x))) OutOfRange($"{asked}: {name} {x}: give a finite number above 0");
        return x;
    }

    /// <summary>A setting that must be a finite number, of any sign.</summary>
    public static double IfNotFinite(double x, string asked, string name)
    {
        if (!double.IsFinite(x)) OutOfRange($"{asked}: {name} {x}: give a finite number");
        return x;
    }

    /// <summary>A right call at the wrong time.</summary>
    [DoesNotReturn]
    public static void Invalid(string message) => throw new InvalidOperationException(Printable.Message(message));

    /// <summary>A file that is not what it should be.</summary>
    [DoesNotReturn]
    public static void Data(string message) => throw new InvalidDataException(Printable.Message(message));

    /// <summary>What could have been asked for instead: <c>rows run from 0 to 4</c>, or <c>there are no rows</c>.</summary>
    public static string Run(string places, int count) => count == 0 ? $"there are no {places}" : $"{places} run from 0 to {count - 1}";

    [DoesNotReturn]
    [SuppressMessage("Usage", "CA2208", Justification = "The sentence names the argument.")]
    static void Null(string asked, string name) => throw new ArgumentNullException(null, $"{asked}: {name} is null: give one");

    /// <summary>Shapes that an element-wise op cannot bring together.</summary>
    [DoesNotReturn]
    public static void Broadcast(string op, Shape a, Shape b, int axis, int one, int other) =>
        Argument($"{op}: {a} and {b} do not broadcast: axis {axis} is {one} in the one and {other} in the other");

    /// <summary>Number types that do not mix.</summary>
    [DoesNotReturn]
    public static void Mixed(string op, DType a, DType b) =>
        Argument($"{op}: {a} and {b} do not mix: convert one with To(DType.{a})");
}
