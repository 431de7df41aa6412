namespace ChainRule.Pictures;

/// <summary>
/// What was built into this assembly: the style sheet, the colours, and, where Node was there at the time,
/// the scripts that draw.
/// </summary>
static class Resources
{
    /// <summary>The text of one; null where it was not built in.</summary>
    public static string? Text(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name);
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
