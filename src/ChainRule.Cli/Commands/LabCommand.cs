using System.CommandLine;
using System.Globalization;
using System.Net;
using ChainRule.Cli.Pages;
using ChainRule.Lab.Learning;
using ChainRule.Lab.Server;
using ChainRule.Zoo.Datasets;

namespace ChainRule.Cli.Commands;

/// <summary>chainrule lab: serves the lab to a browser of this machine.</summary>
static class LabCommand
{
    public static Command Create()
    {
        var runs = new Option<string?>("--runs")
            { Description = "The folder whose runs are shown [default: runs, where there is one]", HelpName = "DIR" };
        var course = new Option<string?>("--course")
            { Description = "The folder of your exercises, lessons and progress, as 'learn --dir' names it [default: "
                + $"{Course.Usual}]", HelpName = "DIR" };
        var port = new Option<int>("--port") { Description = "The port [default: a free one]", HelpName = "N" }
            .Between(0, IPEndPoint.MaxPort);
        var host = new Option<string?>("--host")
        {
            Description = "The address to listen on [default: this machine's own, 127.0.0.1]; others may then ask for "
                + "the token, and what is sent is not encrypted",
            HelpName = "ADDRESS",
        };
        var open = new Option<bool>("--open") { Description = "Open the lab in a browser" };
        var command = new Command("lab", "Serve a playground of neural networks to a browser, with every number")
            { runs, course, port, host, open, Export() };
        command.SetAction((parsed, cancel) => Serve(new()
        {
            Runs = parsed.GetValue(runs), Port = parsed.GetValue(port),
            Course = Course.FolderFor(parsed.GetValue(course)),
        }, parsed.GetValue(host), parsed.GetValue(open), cancel));
        return command.WithExamples("chainrule lab --open", "chainrule lab --runs runs --port 8080");
    }

    static Command Export()
    {
        var folder = new Argument<string>("FOLDER")
            { Description = "The folder to write into: new, empty, or exported before" };
        var command = new Command("export",
            "Write the lab as a static site, whose engine runs in the browser: any web host serves it") { folder };
        command.SetAction(parsed =>
        {
            string to = parsed.GetValue(folder)!;
            var (files, bytes) = LabSite.Write(to);
            string size = (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
            Console.WriteLine($"{files} files, {size} MB, in {Printable.Path(to)}: any web host can serve them, from "
                + "any folder");
            return Tool.Done;
        });
        return command.WithExamples("chainrule lab export site");
    }

    static async Task<int> Serve(LabServerOptions options, string? host, bool open, CancellationToken cancel)
    {
        string? runs = options.Runs;
        if (LabServer.Missing is { } missing) throw new InvalidOperationException($"lab: {missing}");
        if (runs is not null && !Directory.Exists(runs))
            throw new ArgumentException($"--runs {Printable.Path(runs)}: there is no such folder: give the folder that "
                + "holds runs");
        IPAddress? address = IPAddress.Loopback;
        if (host is not null && !IPAddress.TryParse(host, out address))
            throw new ArgumentException($"--host {Printable.Of(host)}: give an address of this machine, such as "
                + "192.168.0.5, or 0.0.0.0 for all of them");
        // Whom others of the network were once told is let in no more after the next start.
        string? secret = IPAddress.IsLoopback(address!) && DataFolders.PlatformCache is { } cache
            ? Path.Combine(cache, "lab", "token") : null;
        await using var server = await LabServer.StartAsync(options with
        {
            Runs = runs ?? (Directory.Exists("runs") ? "runs" : null), Address = address!, TokenFile = secret,
        }, cancel);
        Console.WriteLine($"The lab is at {server.Address}");
        if (address!.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            Console.WriteLine($"From other machines: with this one's address in the place of {server.Address.Host}");
        Console.WriteLine("Whoever has this address can use it. Ctrl-C ends it.");
        if (open) Browser.Show(server.Address.ToString());
        await server.RunAsync(cancel);
        return Tool.Done;
    }
}
