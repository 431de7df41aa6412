using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using ChainRule.Zoo.Datasets;
using Spectre.Console;

namespace ChainRule.Cli.Commands;

/// <summary>
/// `chainrule data list | get NAME… [--mirror URL-or-folder]`: the published data sets, and fetching them.
/// </summary>
static class DataCommand
{
    /// <summary>
    /// The command, over <paramref name="folders"/> or, where null, over those of this machine when it runs.
    /// </summary>
    public static Command Create(DataFolders? folders = null) =>
        new Command("data", "List the published data sets, and fetch them") { CreateList(folders), CreateGet(folders) }
            .WithExamples("chainrule data list", "chainrule data get names");

    static Command CreateList(DataFolders? folders)
    {
        var list = new Command("list", "What there is, under which licence, and what of it is on this machine");
        list.SetAction(parse =>
        {
            List(folders ?? DataFolders.Here(), parse.InvocationConfiguration.Output);
            return Tool.Done;
        });
        return list.WithExamples("chainrule data list");
    }

    static Command CreateGet(DataFolders? folders)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = $"The data sets to fetch: {Catalog.Names}",
            HelpName = "NAME",
            Arity = ArgumentArity.OneOrMore,
            CompletionSources = { _ => Catalog.All.Select(set => new CompletionItem(set.Name)) },
        };
        names.Validators.Add(MustExist);
        var mirror = new Option<string?>("--mirror")
        {
            Description = "Fetch from here in place of the published originals: a base URL, to which each file's name "
                + "is appended, or a folder",
            HelpName = "URL-or-folder",
        };
        var get = new Command("get", "Download data sets, resuming what broke off, and verify their SHA-256")
            { names, mirror };
        get.SetAction((parse, cancel) =>
        {
            var settings = new DownloadSettings { Mirror = parse.GetValue(mirror) };
            return Get(parse.GetRequiredValue(names), settings, folders ?? DataFolders.Here(),
                parse.InvocationConfiguration, cancel);
        });
        return get.WithExamples("chainrule data get names", "chainrule data get mnist iris --mirror /media/copies");
    }

    static void MustExist(ArgumentResult names)
    {
        foreach (Token name in names.Tokens)
        {
            if (Catalog.Find(name.Value) is null)
                names.AddError($"data get {name.Value}: no data set has this name: there are {Catalog.Names}");
        }
    }

    static void List(DataFolders folders, TextWriter output)
    {
        if (!IsTerminal(output))
        {
            output.WriteLine(string.Join('\t', "name", "on this machine", "size", "licence", "what it is", "origin"));
            foreach (PublishedSet set in Catalog.All)
                output.WriteLine(string.Join('\t', set.Name, Here(set, folders), Size(set),
                    set.Licence ?? "none stated", set.Summary, set.Origin));
            return;
        }
        Table table = new Table().RoundedBorder().AddColumns("Name", "What it is", "Size", "Here");
        table.Columns[0].NoWrap();
        table.Columns[2].RightAligned().NoWrap();
        table.Columns[3].NoWrap();
        foreach (PublishedSet set in Catalog.All)
        {
            string origin = set.Licence is null ? set.Origin : $"{set.Origin}; licence: {set.Licence}";
            table.AddRow(new Text(set.Name),
                new Rows(new Text(set.Summary), new Text(origin, new Style(decoration: Decoration.Dim))),
                new Text(Size(set)), new Text(Here(set, folders)));
        }
        AnsiConsole.Write(table);
        AnsiConsole.Write(new Text($"`chainrule data get NAME` fetches into {folders.Target}\n"));
    }

    static async Task<int> Get(
        string[] names, DownloadSettings settings, DataFolders folders, InvocationConfiguration console,
        CancellationToken cancel)
    {
        PublishedFile[] files = [.. names.Distinct().SelectMany(name => Catalog.Get(name).Files)];
        try
        {
            foreach (PublishedFile file in files)
            {
                Fetched got = IsTerminal(console.Output)
                    ? await GetWithBar(file, settings, folders, cancel)
                    : await folders.Get(file, settings, progress: null, cancel);
                await console.Output.WriteLineAsync(Outcome(got));
            }
            return Tool.Done;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync(
                "chainrule: stopped: what had come is kept, and the same command goes on from there");
            return Tool.Failed;
        }
    }

    static Task<Fetched> GetWithBar(PublishedFile file, DownloadSettings settings, DataFolders folders,
        CancellationToken cancel) =>
        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(bars => folders.Get(file, settings,
                new Bar(bars.AddTask(Markup.Escape(file.Name), maxValue: file.Bytes)), cancel));

    static string Outcome(Fetched got)
    {
        string how = got switch
        {
            { WasThere: true } => "already there and verified",
            { ResumedFrom: > 0 } => $"fetched and verified, resumed after {got.ResumedFrom:N0} bytes",
            _ => "fetched and verified",
        };
        return $"{got.Path}: {how}";
    }

    static string Here(PublishedSet set, DataFolders folders)
    {
        int here = set.Files.Count(file => folders.Find(file.Name) is not null);
        return here == 0 ? "no" : here == set.Files.Count ? "yes" : $"{here} of {set.Files.Count}";
    }

    /// <summary>
    /// What a download comes to; of a file that is known by its un-gzipped content, only the most it can come to.
    /// </summary>
    static string Size(PublishedSet set)
    {
        double kilobytes = set.Files.Sum(file => file.Bytes) / 1e3;
        string size = kilobytes < 1000 ? $"{kilobytes:0.#} kB" : $"{kilobytes / 1e3:0.0} MB";
        return set.Files.Any(file => file.Hashed == HashOf.Content) ? $"< {size}" : size;
    }

    static bool IsTerminal(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected;

    /// <summary>
    /// Moves a bar as bytes come, in their order: Progress&lt;T&gt; would post each to the thread pool.
    /// </summary>
    sealed class Bar(ProgressTask task) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Total is { } total) task.MaxValue = total;
            task.Value = value.Done;
        }
    }
}
