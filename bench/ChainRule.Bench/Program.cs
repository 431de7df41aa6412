using System.CommandLine;
using ChainRule.Bench;
using ChainRule.Bench.Accuracy;
using ChainRule.Bench.Serving;
using ChainRule;

var threads = new Option<int>("--threads")
    { Description = "How many threads may compute", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--only") { Description = "A workload by its name, or all whose names contain this" };
var rounds = new Option<int>("--rounds") { Description = "How many rounds are timed", DefaultValueFactory = _ => 5 };
var check = new Option<bool>("--check")
    { Description = "Print the numbers that both sides must agree on, and time nothing" };
var paced = new Option<bool>("--paced") { Description = "One round for each line on standard input, until it ends" };
var list = new Option<bool>("--list") { Description = "Print the names of the workloads" };
var growth = new Option<string?>("--growth")
{
    Description = $"Tables of how a GPT's step grows with {string.Join(", ", Growth.Series.Keys)}, or with all of them",
    HelpName = "WHAT",
    Arity = ArgumentArity.ZeroOrOne,
};
var start = new Option<bool>("--start")
    { Description = "How long it takes from the start of a process until its first step, for each workload" };
var firstStep = new Option<bool>("--first-step")
    { Description = "One step of one workload, and a line when it is made: the process that --start starts" };
var accuracy = new Option<string?>("--accuracy")
    { Description = "Write what the cases of rounding errors compute, for bench/accuracy to compare",
        HelpName = "FOLDER" };
var recording = new Option<bool>("--recording")
    { Description = "What it costs to record the layers of runs, in pairs of runs with and without" };
var board = new Option<int>("--board")
{
    Description = "What the lab's board costs with this many runs of 1,000 points, made up in a temporary folder",
    HelpName = "RUNS", DefaultValueFactory = _ => 10_000, Arity = ArgumentArity.ZeroOrOne,
};
var playground = new Option<bool>("--playground")
    { Description = "Steps a second of the lab's playground, while frames are drawn and while none is" };
var load = new Option<int>("--load")
{
    Description = "What the lab does with this many visitors at once, for two minutes, over HTTP on this machine",
    HelpName = "VISITORS", DefaultValueFactory = _ => 200, Arity = ArgumentArity.ZeroOrOne,
};
var why = new Option<bool>("--why")
    { Description = "How long the lab takes to say where numbers of its graph and of its playground came from" };
var inference = new Option<bool>("--inference")
{
    Description = "Predictions beside ONNX Runtime, in processor time; ends with 1 where that is ahead. --only takes a "
        + "part of a name",
};
var serving = new Option<bool>("--serving")
    { Description = "Predictions over HTTP on this machine, beside ONNX Runtime in the same web server; needs wrk" };
var host = new Option<string?>("--serving-host")
    { Description = "The web server that --serving starts", HelpName = "NETWORK" };
var wasm = new Option<string?>("--wasm")
{
    Description = "How the playground of the static site runs in Chromium, second by second: a folder that 'chainrule "
        + "lab export' wrote, or that of the published engine",
    HelpName = "FOLDER",
};
var tokenizers = new Option<string?>("--tokenizers")
    { Description = "How fast a text is encoded with three vocabularies, and by Microsoft.ML.Tokenizers",
        HelpName = "FILE" };
var transport = new Option<bool>("--transport")
    { Description = "How fast messages go between two workers, and how soon workers go on without a killed one" };
var worker = new Option<string?>("--transport-worker")
    { Description = "A worker that --transport starts", HelpName = "FILE" };
var command = new RootCommand("Times whole training steps and single products, one JSON line a workload.")
{
    threads, only, rounds, check, paced, list, growth, start, firstStep, accuracy, recording, playground, board,
    load, why, wasm, inference, tokenizers, serving, host, transport, worker,
};

command.SetAction(given =>
{
    Compute.Threads = given.GetValue(threads);
    if (given.GetResult(growth) is not null)
    {
        Growth.Run(given.GetValue(growth),
            size => Growth.Measure(size, Compute.Threads, given.GetValue(rounds)), Console.Out);
        return 0;
    }
    if (given.GetValue(accuracy) is { } folder)
    {
        AccuracyCase.Write(AccuracyCase.Find(given.GetValue(only)), folder);
        return 0;
    }
    if (given.GetValue(tokenizers) is { } text)
    {
        TokenizerSpeed.Run(text, given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetValue(transport))
    {
        TransportSpeed.Run(given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetValue(worker) is { } shared)
    {
        TransportSpeed.Work(shared, given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetValue(recording))
    {
        Recording.Run(given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetResult(board) is { Implicit: false })
    {
        BoardOfRuns.Run(given.GetValue(board), Console.Out);
        return 0;
    }
    if (given.GetResult(load) is { Implicit: false })
    {
        LabLoad.Run(given.GetValue(load), TimeSpan.FromMinutes(2), Console.Out).GetAwaiter().GetResult();
        return 0;
    }
    if (given.GetValue(playground))
    {
        PlaygroundSpeed.Run(given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetValue(wasm) is { } engine)
    {
        WasmSpeed.Run(engine, Console.Out).GetAwaiter().GetResult();
        return 0;
    }
    if (given.GetValue(why))
    {
        WhySpeed.Run(given.GetValue(rounds), Console.Out);
        return 0;
    }
    if (given.GetValue(inference))
        return InferenceRace.Run(given.GetValue(only), given.GetValue(rounds), Console.Out) ? 0 : 1;
    if (given.GetValue(host) is { } network)
    {
        ServingHost.Run(network, Console.In, Console.Out).GetAwaiter().GetResult();
        return 0;
    }
    if (given.GetValue(serving))
        return ServingRace.Run(given.GetValue(only), given.GetValue(rounds), Console.Out) ? 0 : 1;
    var entries = Catalog.Find(given.GetValue(only));
    if (given.GetValue(list)) entries.ToList().ForEach(entry => Console.WriteLine(entry.Name));
    else if (given.GetValue(check)) entries.ToList().ForEach(entry => Line.Check(entry.Name, entry.Make().Check()));
    else if (given.GetValue(firstStep)) Start.FirstStep(entries[0]);
    else if (given.GetValue(start)) Start.Run(entries, Compute.Threads, given.GetValue(rounds));
    else if (given.GetValue(paced)) Race.Paced(entries, Console.In);
    else Race.Run(entries, given.GetValue(rounds));
    return 0;
});

var parsed = command.Parse(args);
try
{
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
