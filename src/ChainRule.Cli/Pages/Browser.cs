using System.ComponentModel;
using System.Diagnostics;

namespace ChainRule.Cli.Pages;

/// <summary>Opens a page in the browser that this machine opens pages with.</summary>
static class Browser
{
    /// <summary>Opens a page, and says where it is if there is no browser to open it.</summary>
    public static void Show(string page)
    {
        if (!TryOpen(page, Opener(Environment.GetEnvironmentVariable)))
            Console.WriteLine($"no browser could be opened here: the page is {Printable.Path(page)}");
    }

    /// <summary>The program that opens a page: null on Windows, which knows it by itself, and empty where there is no
    /// screen to show one on.</summary>
    internal static string? Opener(Func<string, string?> variable)
    {
        if (OperatingSystem.IsWindows()) return null;
        if (OperatingSystem.IsMacOS()) return "open";
        bool screen = !string.IsNullOrEmpty(variable("DISPLAY")) || !string.IsNullOrEmpty(variable("WAYLAND_DISPLAY"));
        return screen ? "xdg-open" : "";
    }

    internal static bool TryOpen(string page, string? opener)
    {
        if (opener is "") return false;
        var start = opener is null ? new ProcessStartInfo(page) { UseShellExecute = true }
            : new ProcessStartInfo(opener, [page]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            // What it says is not read, and its end not waited for: a browser stays open.
            using var process = Process.Start(start);
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
