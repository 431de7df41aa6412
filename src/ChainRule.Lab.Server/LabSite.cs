using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChainRule.Data;

namespace ChainRule.Lab.Server;

/// <summary>
/// The lab as a static site: the page, and the engine as WebAssembly. It needs nothing of a host but that it serves
/// files, from whatever folder, and opens without a network from the second time on.
/// </summary>
public static class LabSite
{
    const string Page = "index.html", StaticPage = "static.html", Offline = "service-worker.js";

    // Beside the tool, where publishing it puts what ChainRule.Lab.Browser.targets makes.
    static readonly string s_engine = Path.Combine(AppContext.BaseDirectory, "lab-engine");

    /// <summary>Why this build can write no site; null where it can.</summary>
    public static string? Missing => LabFiles.Missing
        ?? (Directory.Exists(s_engine) ? null : "this build of chainrule has no engine for browsers: install the tool "
            + "from its package, or run 'dotnet publish src/ChainRule.Cli' in a checkout");

    /// <summary>Writes the site into a folder, which is made; files of an earlier site there are replaced.</summary>
    /// <returns>How many files there are, and how many bytes a first visit fetches at most.</returns>
    /// <exception cref="ArgumentException">The folder holds something else.</exception>
    /// <exception cref="InvalidOperationException">This build can write no site.</exception>
    public static (int Files, long Bytes) Write(string folder)
    {
        Throw.IfNull(folder, "lab export");
        if (Missing is { } missing) throw new InvalidOperationException($"lab export: {missing}");
        return Write(folder, s_engine);
    }

    internal static (int Files, long Bytes) Write(string folder, string engine)
    {
        CheckFree(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"lab export: {Printable.Path(folder)}: no folder can be made there: give another",
                e);
        }
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string name in LabFiles.Names)
            if (name is not (Page or Offline)) files[name == StaticPage ? Page : name] = LabFiles.Read(name);
        files[LabLessons.Name] = LabLessons.Packed;
        foreach (string path in Directory.EnumerateFiles(engine))
        {
            var (name, bytes) = Repacked(Path.GetFileName(path), File.ReadAllBytes(path));
            files["_framework/" + name] = bytes;
        }
        files[Offline] = [.. Encoding.UTF8.GetBytes(Kept(files)), .. LabFiles.Read(Offline)];
        foreach (string old in (string[])["assets", "_framework"])
            if (Directory.Exists(Path.Combine(folder, old)))
                Directory.Delete(Path.Combine(folder, old), recursive: true);
        foreach (var (name, bytes) in files)
        {
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write("lab export", path, stream => stream.Write(bytes));
        }
        return (files.Count, files.Values.Sum(bytes => (long)bytes.Length));
    }

    // The tool carries the engine by Brotli, which is a fifth smaller than gzip. A page can unpack gzip by itself, and
    // takes scripts as they are.
    static (string Name, byte[] Bytes) Repacked(string name, byte[] bytes)
    {
        if (!name.EndsWith(".br", StringComparison.Ordinal)) return (name, bytes);
        name = name[..^3];
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var result = new MemoryStream();
        if (!name.EndsWith(".wasm", StringComparison.Ordinal))
        {
            brotli.CopyTo(result);
            return (name, result.ToArray());
        }
        using (var gzip = new GZipStream(result, CompressionLevel.SmallestSize)) brotli.CopyTo(gzip);
        return (name + ".gz", result.ToArray());
    }

    // What works without a network, and a version that changes with any byte of it.
    static string Kept(SortedDictionary<string, byte[]> files)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            all.AppendData(Encoding.UTF8.GetBytes(name));
            all.AppendData(bytes);
        }
        string version = Convert.ToHexStringLower(all.GetHashAndReset())[..16];
        var list = files.Keys.Prepend("").Select(name => $"\"./{JsonEncodedText.Encode(name)}\"");
        return $"const VERSION = '{version}';\nconst FILES = [{string.Join(", ", list)}];\n";
    }

    // An earlier site is known by its service worker; nothing else is written over.
    static void CheckFree(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder) || folder.Contains('\0', StringComparison.Ordinal))
            Throw.Argument($"lab export: '{Printable.Path(folder)}' is no path: give that of a folder");
        if (File.Exists(folder))
            Throw.Argument($"lab export: {Printable.Path(folder)} is a file: give a folder");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, Offline)))
            Throw.Argument($"lab export: {Printable.Path(folder)} holds other files: give an empty folder, or one that "
                + "an earlier export wrote");
    }
}
