namespace ChainRule.Cli;

/// <summary>A file that the command line names to be written.</summary>
static class OutputFile
{
    /// <summary>Refuses to write over what is there.</summary>
    /// <exception cref="IOException">There is a file or a folder of this name.</exception>
    public static void CheckFree(string command, string? output, string option = "--out")
    {
        if (output is not null && (File.Exists(output) || Directory.Exists(output)))
            throw new IOException($"{command}: {Printable.Path(output)} is there already, and is not written over: "
                + $"give another name by {option}, or remove it first");
    }
}
