using System.CommandLine;
using ChainRule.Cli;
using ChainRule.Cli.Commands;

var root = new RootCommand("Train, sample and check small neural networks; every number can be explained.");
root.Subcommands.Add(TrainCommand.Create());
root.Subcommands.Add(SampleCommand.Create());
root.Subcommands.Add(CheckCommand.Create());
root.Subcommands.Add(InfoCommand.Create());
root.Subcommands.Add(DataCommand.Create());
return await Tool.RunAsync(root, args);
