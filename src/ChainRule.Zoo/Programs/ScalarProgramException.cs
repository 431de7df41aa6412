namespace ChainRule.Zoo.Programs;

/// <summary>A text is no <see cref="ScalarProgram"/>; the message says where.</summary>
public sealed class ScalarProgramException : ArgumentException
{
    internal ScalarProgramException(string message, int at) : base(message) => At = at;

    /// <summary>The character of the text at which it stops being a program, from 0.</summary>
    public int At { get; }
}
