using System.CommandLine;
using System.Text.Json;
using ChainRule;
using ChainRule.Workers.Bench;

var threads = new Option<int>("--threads")
    { Description = "How many threads may compute", DefaultValueFactory = _ => 1, Recursive = true };
var only = new Option<string?>("--only") { Description = "gpt [default], mlp or cnn", Recursive = true };
var rounds = new Option<int>("--rounds")
    { Description = "How many rounds are timed", DefaultValueFactory = _ => 9, Recursive = true };
var asked = new Argument<string>("JSON");

var cost = new Command("cost", "What it costs that workers share a step: time on one and two workers, and bytes");
var model = new Command("model", "How much faster 1 to 1,024 workers are, by a model that is fed with measured times");
var check = new Command("check", "What the model says beside what is measured over links made slow, on 2 to 8 workers");
var child = new Command("child", "A worker that the others start, or mpirun in bench/slow-network") { asked };
cost.SetAction(given => WorkerCost.Run(given.GetValue(only), given.GetValue(rounds), Console.Out));
model.SetAction(given => WorkerSimulation.Run(given.GetValue(only), Console.Out));
check.SetAction(given => WorkerSimulation.Check(given.GetValue(only), given.GetValue(rounds), Console.Out));
child.SetAction(given => JsonSerializer.Deserialize<WorkerProcess>(given.GetValue(asked)!)!
    .Run(Console.In, Console.Out));

var parsed = new RootCommand("What many workers cost, measured and by a model.")
    { threads, only, rounds, cost, model, check, child }.Parse(args);
try
{
    Compute.Threads = parsed.GetValue(threads);
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
