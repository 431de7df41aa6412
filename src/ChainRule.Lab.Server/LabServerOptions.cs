using System.Net;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Server;

/// <summary>How a lab is served.</summary>
public sealed record LabServerOptions
{
    /// <summary>The folder whose runs are shown; if null, no runs.</summary>
    public string? Runs { get; init; }

    /// <summary>The learner's folder: exercises, lessons and progress; if null, exercises are checked and nothing is
    /// kept.</summary>
    public string? Course { get; init; }

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The address that is listened on: this machine's own unless said otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// The file that keeps the secret of the address, so that pages which are open go on when the lab is started again
    /// on the same port; if null, each start has another.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>What sessions may take.</summary>
    public LabLimits Limits { get; init; } = new();
}
