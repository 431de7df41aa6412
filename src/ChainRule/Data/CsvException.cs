using System.Diagnostics.CodeAnalysis;

namespace ChainRule.Data;

/// <summary>
/// Why a file cannot be read as it is asked to be: the <see cref="Exception.InnerException"/> of what
/// <see cref="Csv.Read(string, CsvOptions)"/> and the columns of its table refuse. Its message names settings of
/// <see cref="CsvOptions"/>; a program whose users know them by other names says it by <see cref="Say"/>.
/// </summary>
[SuppressMessage("Design", "CA1032", Justification = "Without a sentence there is nothing to be said.")]
public sealed class CsvException : Exception
{
    readonly object[] _parts;

    internal CsvException(object[] parts) : base(Printable.Message(string.Concat(parts))) => _parts = parts;

    /// <summary>The sentence, in which each remedy is said in other words.</summary>
    public string Say(Func<CsvRemedy, string> remedy)
    {
        Throw.IfNull(remedy, "csv exception");
        return Printable.Message(string.Concat(_parts.Select(part => part is CsvRemedy one ? remedy(one) : part)));
    }

    /// <summary>The one that an exception carries, if its sentence is that of the exception; else null.</summary>
    public static CsvException? Of(Exception? exception)
    {
        for (var inner = exception?.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is CsvException found && found.Message == exception!.Message) return found;
        return null;
    }

    /// <summary>Refuses what stands in a file.</summary>
    [DoesNotReturn]
    internal static void Refuse(CsvSentence sentence)
    {
        var why = new CsvException([.. sentence.Parts]);
        throw new InvalidDataException(why.Message, why);
    }

    /// <summary>Refuses what is asked of a file.</summary>
    [DoesNotReturn]
    internal static void RefuseArgument(CsvSentence sentence, string parameter)
    {
        var why = new CsvException([.. sentence.Parts]);
        Throw.Argument(why.Message, parameter, why);
    }
}
