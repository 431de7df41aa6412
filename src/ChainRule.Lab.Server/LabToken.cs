using System.Security.Cryptography;
using System.Text;

namespace ChainRule.Lab.Server;

/// <summary>The secret that lets a browser in: in the opening address once, and in a cookie from then on.</summary>
sealed class LabToken
{
    /// <summary>The name of the cookie.</summary>
    public const string Cookie = "chainrule-lab";

    const int Bytes = 24;

    readonly byte[] _hash;

    /// <param name="file">Where it is kept, readable by this user alone, so that pages which are open go on when the
    /// lab is started again; if null, it is a new one each time.</param>
    public LabToken(string? file = null)
    {
        Text = Kept(file) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(Text));
        if (file is not null) Keep(file);
    }

    public string Text { get; }

    /// <summary>Whether it is this one, in a time that does not tell how much of it is right.</summary>
    public bool Is(string? given) => given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _hash);

    // A file that others can read, or that is a link, is no secret.
    static string? Kept(string? file)
    {
        try
        {
            if (file is null || !File.Exists(file) || new FileInfo(file).LinkTarget is not null) return null;
            if (!OperatingSystem.IsWindows()
                && (File.GetUnixFileMode(file) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0) return null;
            string text = File.ReadAllText(file);
            return text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigitLower) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    void Keep(string file)
    {
        try
        {
            if (Kept(file) == Text) return;
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Delete(file);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var to = new FileStream(file, options);
            to.Write(Encoding.ASCII.GetBytes(Text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start has another, and open pages are to be opened anew.
        }
    }
}
