namespace ChainRule.Errors;

// .NET adds "(Parameter 'x')" to the message of an exception that was given the name. Here the sentence says in its own
// words what is wrong, and ParamName has the name for programs.

/// <summary>An argument that is refused by a sentence.</summary>
sealed class RefusedArgumentException(string sentence, string parameter, Exception? why = null)
    : ArgumentException(sentence, why)
{
    public override string ParamName => parameter;
}

/// <summary>An argument outside its range.</summary>
sealed class RefusedRangeException(string sentence, string parameter) : ArgumentOutOfRangeException(null, sentence)
{
    public override string ParamName => parameter;
}

/// <summary>An argument that is null and must not be.</summary>
sealed class RefusedNullException(string sentence, string parameter) : ArgumentNullException(null, sentence)
{
    public override string ParamName => parameter;
}
