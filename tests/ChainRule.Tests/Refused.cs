namespace ChainRule.Tests;

/// <summary>Wrong input gets one clear sentence, and the sentence is part of what is promised.</summary>
static class Refused
{
    public static void With<TException>(string sentence, Action asked) where TException : Exception =>
        Assert.Equal(sentence, Assert.ThrowsAny<TException>(asked).Message);

    /// <summary>The same, of a named parameter of the public member.</summary>
    public static void With<TException>(string sentence, string parameter, Action asked)
        where TException : ArgumentException
    {
        var refused = Assert.ThrowsAny<TException>(asked);
        Assert.Equal((sentence, parameter), (refused.Message, refused.ParamName));
    }
}
