namespace ChainRule.Data;

/// <summary>Writes files whole or not at all.</summary>
static class AtomicFile
{
    /// <summary>
    /// Writes into a temporary file beside the path, which is flushed to the disk and then takes its name. A crash at
    /// any moment leaves the old file or the new one; a failure leaves the old one and no temporary file. What a killed
    /// process leaves is named after the path and ends in .tmp.
    /// </summary>
    /// <param name="asked">What is being written, such as "csv": the error's sentence begins with it.</param>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="write">Writes the content; what it throws passes through.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written; if there was one, it is as it was.</exception>
    public static void Write(string asked, string path, Action<Stream> write)
    {
        Throw.IfNull(write, asked);
        Files.CheckPath(asked, path);
        // Of a file that was never there, nothing stayed as it was.
        string refused = $"{asked}: '{Printable.Path(path)}' cannot be written"
            + (File.Exists(path) ? " and is as it was" : "");
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        bool made = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write,
                FileShare.None, 1 << 16))
            {
                made = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            made = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Files.Refuse(refused, path, e);
        }
        catch (ArgumentOutOfRangeException e) when (e.ParamName == "value")
        {
            // Thus .NET reports that the system refuses a file of this length: it is no argument of anybody's.
            Files.Refuse(refused, path, new IOException("No file may grow so long here", e));
        }
        finally
        {
            if (made) File.Delete(temporary);
        }
    }
}
