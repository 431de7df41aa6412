using System.Security.Cryptography;
using System.Text;

namespace ChainRule.Lab.Server;

/// <summary>The secret that lets a browser in: in the opening address once, and in a cookie from then on.</summary>
sealed class LabToken
{
    /// <summary>The name of the cookie.</summary>
    public const string Cookie = "chainrule-lab";

    readonly byte[] _hash;

    public LabToken()
    {
        Text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(Text));
    }

    public string Text { get; }

    /// <summary>Whether it is this one, in a time that does not tell how much of it is right.</summary>
    public bool Is(string? given) => given is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _hash);
}
