using System.CommandLine;
using ChainRule.Bench;
using ChainRule.Kernels;

var threads = new Option<int>("--threads") { Description = "How many threads may compute", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--only") { Description = "A workload by its name, or all whose names contain this" };
var rounds = new Option<int>("--rounds") { Description = "How many rounds are timed", DefaultValueFactory = _ => 5 };
var check = new Option<bool>("--check") { Description = "Print the numbers that both sides must agree on, and time nothing" };
var paced = new Option<bool>("--paced") { Description = "One round for each line on standard input, until it ends" };
var list = new Option<bool>("--list") { Description = "Print the names of the workloads" };
var command = new RootCommand("Times whole training steps and single products, one JSON line a workload.") { threads, only, rounds, check, paced, list };

command.SetAction(given =>
{
    ForRows.Threads = given.GetValue(threads);
    var entries = Catalog.Find(given.GetValue(only));
    if (given.GetValue(list)) entries.ToList().ForEach(entry => Console.WriteLine(entry.Name));
    else if (given.GetValue(check)) entries.ToList().ForEach(entry => Line.Check(entry.Name, entry.Make().Check()));
    else if (given.GetValue(paced)) Race.Paced(entries, Console.In);
    else Race.Run(entries, given.GetValue(rounds));
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
