namespace ChainRule.Serving;

/// <summary>
/// More rows wait for their prediction than may: whoever asked should come again later. A web service answers with
/// status 503.
/// </summary>
public sealed class TooManyRequestsException : InvalidOperationException
{
    /// <summary>Refused without a word.</summary>
    public TooManyRequestsException()
    {
    }

    /// <summary>Refused by a sentence.</summary>
    public TooManyRequestsException(string message) : base(message)
    {
    }

    /// <summary>Refused by a sentence, for a reason.</summary>
    public TooManyRequestsException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
