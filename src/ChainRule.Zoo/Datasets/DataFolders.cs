using System.Runtime.InteropServices;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Datasets;

/// <summary>
/// Where published data is kept on this machine: the folder CHAINRULE_DATA names, then the platform's cache
/// (XDG_CACHE_HOME or ~/.cache on Linux, ~/Library/Caches on macOS, LocalAppData on Windows). Found in
/// either, fetched into the first.
/// </summary>
public sealed class DataFolders
{
    const string DataVariable = "CHAINRULE_DATA";

    readonly string[] _folders;

    /// <summary>Looks in these folders, in this order, and fetches into the first.</summary>
    public DataFolders(params string[] folders)
    {
        if (folders.Length == 0)
            throw new ArgumentException("data: no folder to keep data in: set CHAINRULE_DATA to one");
        _folders = [.. folders.Select(Path.GetFullPath)];
    }

    /// <summary>The folders of this machine, as the environment names them now.</summary>
    public static DataFolders Here() =>
        new([.. Named(Environment.GetEnvironmentVariable, Environment.GetFolderPath, Platform)]);

    /// <summary>The part of the platform's cache that is ChainRule's, for what can be made anew; null where this
    /// machine has none.</summary>
    public static string? PlatformCache => Named(name => name == DataVariable ? null
        : Environment.GetEnvironmentVariable(name), Environment.GetFolderPath, Platform).FirstOrDefault();

    /// <summary>The folder that new files are fetched into.</summary>
    public string Target => _folders[0];

    /// <summary>
    /// The path of a file where one is kept, or null. Says nothing of its content: <see cref="Get"/> does.
    /// </summary>
    public string? Find(string fileName) =>
        _folders.Select(folder => Path.Combine(folder, fileName)).FirstOrDefault(File.Exists);

    /// <summary>The path of a file that must be here.</summary>
    /// <exception cref="FileNotFoundException">It is not: says which command would fetch it.</exception>
    public string PathOf(string fileName)
    {
        if (Find(fileName) is { } path) return path;
        PublishedSet? set = Catalog.All.FirstOrDefault(set => set.Files.Any(file => file.Name == fileName));
        string remedy = set is null ? "put it there, or name its folder with CHAINRULE_DATA"
            : $"`{Shell.Tool} data get {set.Name}` fetches it";
        throw new FileNotFoundException($"{fileName}: it is not in {string.Join(" nor in ", _folders)}: {remedy}",
            fileName);
    }

    /// <summary>
    /// Makes sure of a file: verifies the one that is here, or else downloads it into <see cref="Target"/>.
    /// </summary>
    public Task<Fetched> Get(PublishedFile file, DownloadSettings? settings = null,
        IProgress<DownloadProgress>? progress = null, CancellationToken cancel = default) =>
        Download.Fetch(file, Find(file.Name) is { } here ? Path.GetDirectoryName(here)! : Target, settings,
            progress, cancel);

    static OSPlatform Platform => OperatingSystem.IsWindows() ? OSPlatform.Windows
        : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux;

    internal static IEnumerable<string> Named(
        Func<string, string?> variable, Func<Environment.SpecialFolder, string> special, OSPlatform platform)
    {
        if (variable(DataVariable) is { Length: > 0 } named) yield return named;

        string home = special(Environment.SpecialFolder.UserProfile);
        if (platform == OSPlatform.Windows)
        {
            if (special(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } local)
                yield return Path.Combine(local, "chainrule");
        }
        else if (platform == OSPlatform.OSX)
        {
            if (home.Length > 0) yield return Path.Combine(home, "Library", "Caches", "chainrule");
        }
        // The XDG specification: a relative path in XDG_CACHE_HOME is to be ignored.
        else if (variable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache))
        {
            yield return Path.Combine(cache, "chainrule");
        }
        else if (home.Length > 0)
        {
            yield return Path.Combine(home, ".cache", "chainrule");
        }
    }
}
